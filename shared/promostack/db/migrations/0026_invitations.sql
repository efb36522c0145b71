-- Places that are offered in a tenant, each to one e-mail address. Nothing is mailed and a link holds no secret: whoever
-- proves the address by signing in with it is the one who is meant.
CREATE TABLE invitations (
    tenant_id uuid NOT NULL REFERENCES tenants,
    id uuid NOT NULL,
    email text NOT NULL CHECK (email = lower(email) AND length(email) BETWEEN 3 AND 254),
    role text NOT NULL CHECK (role IN ('admin', 'member')),
    invited_by uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, email)
);
CREATE INDEX invitations_by_email ON invitations (email);
CALL isolate_tenants('invitations', 'SELECT, INSERT, UPDATE (id, role, invited_by, created_at, expires_at), DELETE');
CREATE POLICY router_reads ON invitations FOR SELECT TO promostack_router USING (true);
GRANT SELECT (tenant_id, email, expires_at) ON invitations TO promostack_router;

-- Where somebody who has proved this address is expected.
CREATE FUNCTION router_tenants_inviting(wanted_email text) RETURNS TABLE (tenant_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT invitations.tenant_id
    FROM invitations
    WHERE invitations.email = lower(wanted_email) AND invitations.expires_at > now()
    ORDER BY 1
    LIMIT 20
$$;
ALTER FUNCTION router_tenants_inviting(text) OWNER TO promostack_router;
REVOKE EXECUTE ON FUNCTION router_tenants_inviting(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION router_tenants_inviting(text) TO promostack_app;
