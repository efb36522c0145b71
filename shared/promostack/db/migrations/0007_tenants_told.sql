-- The platform's own list of tenants, and what stops with a suspended one.

-- What the list is searched by. The function's answer still holds ids only.
GRANT SELECT (name) ON tenants TO promostack_router;
GRANT SELECT (email) ON users TO promostack_router;
CREATE INDEX tenants_newest ON tenants (created_at DESC, tenant_id DESC);

-- Newest first, those whose name, slug or owner's e-mail holds `needle` (lower case; empty: all); `after_id` is the last
-- tenant of the page before.
CREATE FUNCTION router_tenants_found(needle text, after_id uuid, most integer) RETURNS TABLE (tenant_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT found.tenant_id
    FROM tenants AS found
    WHERE (
            needle = ''
            OR position(needle IN found.slug) > 0
            OR position(needle IN lower(found.name)) > 0
            OR EXISTS (
                SELECT
                FROM memberships
                JOIN users ON users.user_id = memberships.user_id
                WHERE memberships.tenant_id = found.tenant_id
                    AND memberships.role = 'owner'
                    AND position(needle IN lower(users.email)) > 0
            )
        )
        AND (
            after_id IS NULL
            OR (found.created_at, found.tenant_id)
                < (SELECT last.created_at, last.tenant_id FROM tenants AS last WHERE last.tenant_id = after_id)
        )
    ORDER BY found.created_at DESC, found.tenant_id DESC
    LIMIT most
$$;
ALTER FUNCTION router_tenants_found(text, uuid, integer) OWNER TO promostack_router;
REVOKE EXECUTE ON FUNCTION router_tenants_found(text, uuid, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION router_tenants_found(text, uuid, integer) TO promostack_app;

-- The cards of these tenants for the platform's people. It works with the caller's rights: it steps from tenant to
-- tenant, and row-level security shows it one at a time, so that a page costs one round trip and needs no policy of its
-- own. The caller's tenant is back when it ends; a SET clause would do that too, but takes a superuser to write.
CREATE FUNCTION tenant_cards(wanted uuid[])
RETURNS TABLE (
    tenant_id uuid, slug text, name text, state text, state_reason text, created_at timestamptz, owner_email text,
    members bigint
)
LANGUAGE plpgsql VOLATILE SET search_path = public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    callers_tenant text := coalesce(current_setting('app.tenant_id', true), '');
    each_id uuid;
BEGIN
    FOREACH each_id IN ARRAY wanted LOOP
        PERFORM set_config('app.tenant_id', each_id::text, true);
        RETURN QUERY
            SELECT card.tenant_id, card.slug, card.name, card.state, card.state_reason, card.created_at,
                (
                    SELECT users.email
                    FROM users
                    JOIN memberships
                        ON memberships.tenant_id = each_id
                        AND memberships.user_id = users.user_id
                        AND memberships.role = 'owner'
                ),
                (SELECT count(*) FROM memberships WHERE memberships.tenant_id = each_id)
            FROM tenants AS card
            WHERE card.tenant_id = each_id;
    END LOOP;
    PERFORM set_config('app.tenant_id', callers_tenant, true);
END
$$;
REVOKE EXECUTE ON FUNCTION tenant_cards(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tenant_cards(uuid[]) TO promostack_app;

-- The bots of a suspended tenant are suspended with it: no sender is started for them, nothing is answered, and what
-- comes in is kept. One that was paused for a reason of its own stays paused when the tenant comes back.
ALTER TABLE bots DROP CONSTRAINT bots_state_check;
ALTER TABLE bots ADD CONSTRAINT bots_state_check CHECK (state IN ('active', 'paused', 'suspended'));

CREATE FUNCTION bots_follow_tenant() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp
AS $$
BEGIN
    IF NEW.state = 'suspended' THEN
        UPDATE bots SET state = 'suspended' WHERE bots.tenant_id = NEW.tenant_id AND bots.state = 'active';
    ELSE
        UPDATE bots SET state = 'active' WHERE bots.tenant_id = NEW.tenant_id AND bots.state = 'suspended';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER bots_follow AFTER UPDATE OF state ON tenants
FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION bots_follow_tenant();

-- Connecting a bot again does not bring it back while its tenant is suspended. The lock lets neither pass the other.
CREATE FUNCTION bot_keeps_to_its_tenant() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp
AS $$
BEGIN
    PERFORM FROM tenants WHERE tenants.tenant_id = NEW.tenant_id AND tenants.state = 'active' FOR SHARE;
    IF NOT FOUND THEN
        NEW.state := 'suspended';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER keeps_to_its_tenant BEFORE INSERT OR UPDATE OF state ON bots
FOR EACH ROW WHEN (NEW.state = 'active') EXECUTE FUNCTION bot_keeps_to_its_tenant();

CREATE OR REPLACE FUNCTION router_stale_updates(most integer)
RETURNS TABLE (tenant_id uuid, bot_id uuid, update_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT stale.tenant_id, stale.bot_id, stale.update_id
    FROM telegram_updates AS stale
    JOIN bots ON bots.tenant_id = stale.tenant_id AND bots.id = stale.bot_id AND bots.state <> 'suspended'
    WHERE stale.state IN ('leased', 'waiting') AND stale.lease_until < now()
    ORDER BY stale.lease_until
    LIMIT most
$$;
