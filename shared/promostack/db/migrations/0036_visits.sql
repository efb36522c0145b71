-- The platform's people look into a tenant: for half an hour, for a reason, reading only.
CREATE TABLE visits (
    tenant_id uuid NOT NULL REFERENCES tenants,
    id uuid NOT NULL,
    -- Of the random token that is all that opens it.
    token_hash text NOT NULL UNIQUE,
    admin text NOT NULL,
    reason text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (tenant_id, id)
);
CALL isolate_tenants('visits', 'SELECT, INSERT, UPDATE (ended_at)');
CREATE POLICY router_reads ON visits FOR SELECT TO promostack_router USING (true);
GRANT SELECT (tenant_id, token_hash) ON visits TO promostack_router;

CREATE FUNCTION router_tenant_visited(wanted_hash text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT tenant_id FROM visits WHERE token_hash = wanted_hash $$;
ALTER FUNCTION router_tenant_visited(text) OWNER TO promostack_router;
REVOKE EXECUTE ON FUNCTION router_tenant_visited(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION router_tenant_visited(text) TO promostack_app;
