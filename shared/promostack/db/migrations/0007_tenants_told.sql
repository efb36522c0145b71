-- The platform's own list of tenants, and the pause of a suspended one.

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
-- own. The caller's tenant is back when it ends (the SET clause).
CREATE FUNCTION tenant_cards(wanted uuid[])
RETURNS TABLE (
    tenant_id uuid, slug text, name text, state text, state_reason text, created_at timestamptz, owner_email text,
    members bigint
)
LANGUAGE plpgsql VOLATILE SET search_path = public, pg_temp SET app.tenant_id = ''
AS $$
#variable_conflict use_column
DECLARE
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
END
$$;
REVOKE EXECUTE ON FUNCTION tenant_cards(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tenant_cards(uuid[]) TO promostack_app;

-- A suspended tenant's messages and updates are held: no sender is started for them and nothing is handed in again
-- until it is resumed.
CREATE OR REPLACE FUNCTION router_bots_with_due_messages(most integer) RETURNS TABLE (tenant_id uuid, bot_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT outbox.tenant_id, outbox.bot_id
    FROM outbox
    JOIN bots ON bots.tenant_id = outbox.tenant_id AND bots.id = outbox.bot_id AND bots.state = 'active'
    JOIN tenants ON tenants.tenant_id = outbox.tenant_id AND tenants.state = 'active'
    WHERE (outbox.state = 'waiting' AND due_at <= now()) OR (outbox.state = 'leased' AND lease_until < now())
    GROUP BY outbox.tenant_id, outbox.bot_id
    ORDER BY min(due_at)
    LIMIT most
$$;

CREATE OR REPLACE FUNCTION router_stale_updates(most integer)
RETURNS TABLE (tenant_id uuid, bot_id uuid, update_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT telegram_updates.tenant_id, telegram_updates.bot_id, telegram_updates.update_id
    FROM telegram_updates
    JOIN tenants ON tenants.tenant_id = telegram_updates.tenant_id AND tenants.state = 'active'
    WHERE telegram_updates.state IN ('leased', 'waiting') AND lease_until < now()
    ORDER BY lease_until
    LIMIT most
$$;
