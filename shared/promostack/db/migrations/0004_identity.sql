-- People, their places in tenants, and what was done and refused.

-- The signed-in person of the current transaction, or NULL.
CREATE FUNCTION current_person() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT nullif(current_setting('app.user_id', true), '')::uuid $$;
GRANT EXECUTE ON FUNCTION current_person() TO promostack_app, promostack_read, promostack_router;

ALTER TABLE tenants
    ADD COLUMN state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'suspended')),
    ADD COLUMN state_reason text,
    -- Who asked for this tenant: one first step makes one tenant, however often it is sent.
    ADD COLUMN provisioned_for uuid UNIQUE;
GRANT SELECT (state, provisioned_for, created_at) ON tenants TO promostack_router;

CREATE TABLE users (
    user_id uuid PRIMARY KEY,
    -- The identity provider's `sub`.
    subject text NOT NULL UNIQUE CHECK (length(subject) BETWEEN 1 AND 255),
    email text,
    name text NOT NULL DEFAULT '' CHECK (length(name) <= 120),
    last_tenant_id uuid,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE memberships (
    tenant_id uuid NOT NULL REFERENCES tenants,
    user_id uuid NOT NULL REFERENCES users,
    role text NOT NULL CHECK (role IN ('owner', 'admin', 'member')),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, user_id)
);
-- A tenant has one owner; ownership is handed over, not shared.
CREATE UNIQUE INDEX memberships_one_owner ON memberships (tenant_id) WHERE role = 'owner';
CREATE INDEX memberships_by_user ON memberships (user_id);
CALL isolate_tenants('memberships', 'SELECT, INSERT, UPDATE (role), DELETE');
CREATE POLICY router_reads ON memberships FOR SELECT TO promostack_router USING (true);
GRANT SELECT (tenant_id, user_id, role) ON memberships TO promostack_router;

-- A person is no tenant's row: he sees himself, and the members of the current tenant see each other.
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE users FORCE ROW LEVEL SECURITY;
CREATE POLICY oneself ON users TO promostack_app
    USING (user_id = current_person()) WITH CHECK (user_id = current_person());
CREATE POLICY colleagues ON users FOR SELECT TO promostack_app, promostack_read
    USING (EXISTS (
        SELECT FROM memberships
        WHERE memberships.tenant_id = current_tenant() AND memberships.user_id = users.user_id
    ));
CREATE POLICY router_reads ON users FOR SELECT TO promostack_router USING (true);
GRANT SELECT, INSERT, UPDATE (email, name, last_tenant_id) ON users TO promostack_app;
GRANT SELECT ON users TO promostack_read;
GRANT SELECT (user_id, subject) ON users TO promostack_router;

-- Who did what: append-only by grant.
CREATE TABLE audit_log (
    tenant_id uuid NOT NULL REFERENCES tenants,
    id bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL DEFAULT now(),
    -- A user's id, `admin:<e-mail>` for the platform's people, or `system`.
    actor text NOT NULL,
    action text NOT NULL,
    target text NOT NULL DEFAULT '',
    data jsonb NOT NULL DEFAULT '{}',
    request_id text,
    PRIMARY KEY (tenant_id, id)
);
CALL isolate_tenants('audit_log', 'SELECT, INSERT');

-- Refused sign-ins, with a reason code that support can read; no tenant is known at that point.
CREATE TABLE auth_failures (
    minute timestamptz NOT NULL,
    reason text NOT NULL,
    function text NOT NULL,
    host text NOT NULL,
    actor text NOT NULL,
    times integer NOT NULL DEFAULT 1,
    -- Of the latest one: what a caller quotes.
    request_id text,
    PRIMARY KEY (minute, reason, function, host, actor)
);
ALTER TABLE auth_failures ENABLE ROW LEVEL SECURITY;
ALTER TABLE auth_failures FORCE ROW LEVEL SECURITY;
CREATE POLICY app_counts ON auth_failures TO promostack_app USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE (times, request_id) ON auth_failures TO promostack_app;

-- Password tries by address and by account, shared by all instances.
CREATE TABLE login_tries (
    -- `ip:…` or `account:…`, hashed.
    actor text PRIMARY KEY,
    window_ends_at timestamptz NOT NULL,
    tries integer NOT NULL
);
ALTER TABLE login_tries ENABLE ROW LEVEL SECURITY;
ALTER TABLE login_tries FORCE ROW LEVEL SECURITY;
CREATE POLICY app_counts ON login_tries TO promostack_app USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON login_tries TO promostack_app;

-- Raising the epoch ends every admin session that was signed before.
CREATE TABLE admin_epoch (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    epoch integer NOT NULL DEFAULT 1
);
INSERT INTO admin_epoch DEFAULT VALUES;
ALTER TABLE admin_epoch ENABLE ROW LEVEL SECURITY;
ALTER TABLE admin_epoch FORCE ROW LEVEL SECURITY;
CREATE POLICY app_uses ON admin_epoch TO promostack_app USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE (epoch) ON admin_epoch TO promostack_app;

CREATE FUNCTION router_user(wanted_subject text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT user_id FROM users WHERE subject = wanted_subject $$;
ALTER FUNCTION router_user(text) OWNER TO promostack_router;

CREATE FUNCTION router_tenants_of(wanted_user uuid) RETURNS TABLE (tenant_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT memberships.tenant_id FROM memberships WHERE user_id = wanted_user ORDER BY 1 $$;
ALTER FUNCTION router_tenants_of(uuid) OWNER TO promostack_router;

CREATE FUNCTION router_tenant_provisioned_for(wanted_user uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT tenant_id FROM tenants WHERE provisioned_for = wanted_user $$;
ALTER FUNCTION router_tenant_provisioned_for(uuid) OWNER TO promostack_router;

-- For the platform's own list of tenants, page by page, oldest first.
CREATE FUNCTION router_tenants(after_id uuid, most integer) RETURNS TABLE (tenant_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT tenants.tenant_id
    FROM tenants
    WHERE after_id IS NULL OR tenants.tenant_id > after_id
    ORDER BY tenants.tenant_id
    LIMIT most
$$;
ALTER FUNCTION router_tenants(uuid, integer) OWNER TO promostack_router;

REVOKE EXECUTE ON FUNCTION router_user(text), router_tenants_of(uuid), router_tenant_provisioned_for(uuid),
    router_tenants(uuid, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION router_user(text), router_tenants_of(uuid), router_tenant_provisioned_for(uuid),
    router_tenants(uuid, integer) TO promostack_app;
