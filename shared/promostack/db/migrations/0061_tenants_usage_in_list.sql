-- The platform's list says of each tenant whether it is used and whether its bots work; see 0007 for how it steps.
DROP FUNCTION tenant_cards(uuid[]);
CREATE FUNCTION tenant_cards(wanted uuid[])
RETURNS TABLE (
    tenant_id uuid, slug text, name text, state text, state_reason text, created_at timestamptz, owner_email text,
    members bigint, bot_count bigint, bots_in_trouble bigint, used_at timestamptz
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
                (SELECT count(*) FROM memberships WHERE memberships.tenant_id = each_id),
                running.bot_count, running.in_trouble,
                (SELECT max(at) FROM usage_events WHERE usage_events.tenant_id = each_id)
            FROM tenants AS card
            CROSS JOIN (
                SELECT count(*) AS bot_count,
                    count(*) FILTER (WHERE bots.state = 'paused' OR bots.check_problem IS NOT NULL) AS in_trouble
                FROM bots
                WHERE bots.tenant_id = each_id AND bots.state <> 'disconnected'
            ) AS running
            WHERE card.tenant_id = each_id;
    END LOOP;
    PERFORM set_config('app.tenant_id', callers_tenant, true);
END
$$;
REVOKE EXECUTE ON FUNCTION tenant_cards(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tenant_cards(uuid[]) TO promostack_app;
