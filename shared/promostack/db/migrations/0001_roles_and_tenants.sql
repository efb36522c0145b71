-- Roles: the owner runs migrations; the app works under row-level security; the reader only reads under it; the router
-- owns the few look-ups that come before a tenant is known. scripts/migrate has created the login roles.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'promostack_app') THEN
        CREATE ROLE promostack_app LOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'promostack_read') THEN
        CREATE ROLE promostack_read LOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'promostack_router') THEN
        CREATE ROLE promostack_router NOLOGIN;
    END IF;
    -- Needed to hand functions over to the router when the owner is no superuser, as on a managed database.
    EXECUTE format('GRANT promostack_router TO %I', current_user);
END
$$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO promostack_app, promostack_read;
GRANT USAGE, CREATE ON SCHEMA public TO promostack_router;
GRANT SELECT ON schema_migrations TO promostack_app, promostack_read;
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- The tenant of the current transaction, or NULL: then no tenant's row is visible.
CREATE FUNCTION current_tenant() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT nullif(current_setting('app.tenant_id', true), '')::uuid $$;
GRANT EXECUTE ON FUNCTION current_tenant() TO promostack_app, promostack_read, promostack_router;

-- Puts a tenant table under forced row-level security; every migration that makes one calls it.
CREATE PROCEDURE isolate_tenants(target regclass, app_rights text)
LANGUAGE plpgsql
AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
    EXECUTE format(
        'CREATE POLICY own_tenant ON %s TO promostack_app, promostack_read'
        ' USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())', target);
    EXECUTE format('GRANT %s ON %s TO promostack_app', app_rights, target);
    EXECUTE format('GRANT SELECT ON %s TO promostack_read', target);
END
$$;
REVOKE EXECUTE ON PROCEDURE isolate_tenants(regclass, text) FROM PUBLIC;

CREATE TABLE tenants (
    tenant_id uuid PRIMARY KEY,
    slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9-]{1,62}$'),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    -- The shape is promostack.tenants.models.TenantSettings.
    settings jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now()
);
CALL isolate_tenants('tenants', 'SELECT, INSERT, UPDATE');

CREATE POLICY router_reads ON tenants FOR SELECT TO promostack_router USING (true);
GRANT SELECT (tenant_id, slug) ON tenants TO promostack_router;

CREATE FUNCTION router_tenant_by_slug(wanted text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT tenant_id FROM tenants WHERE slug = wanted $$;
ALTER FUNCTION router_tenant_by_slug(text) OWNER TO promostack_router;
GRANT EXECUTE ON FUNCTION router_tenant_by_slug(text) TO promostack_app;
REVOKE EXECUTE ON FUNCTION router_tenant_by_slug(text) FROM PUBLIC;
