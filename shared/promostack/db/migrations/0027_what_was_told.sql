-- What amounts are counted in stays known when a code's budget is taken away; until now only while it had one.
ALTER TABLE local_codes ADD COLUMN counted_in text CHECK (counted_in ~ '^[A-Z]{3}$');
-- An owner who is no superuser sees no row of a table under forced row-level security.
ALTER TABLE local_codes NO FORCE ROW LEVEL SECURITY;
UPDATE local_codes SET counted_in = currency;
ALTER TABLE local_codes FORCE ROW LEVEL SECURITY;

-- The update that said whether a person has blocked the bot: Telegram may deliver an older one after it.
ALTER TABLE conversations
    ADD COLUMN told_at timestamptz,
    ADD COLUMN told_update bigint;

-- Of a chat's open updates only the first is handed in: two at once could overtake each other, a /stop and a /resume.
GRANT SELECT (chat_key) ON telegram_updates TO promostack_router;
CREATE OR REPLACE FUNCTION router_stale_updates(most integer)
RETURNS TABLE (tenant_id uuid, bot_id uuid, update_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT stale.tenant_id, stale.bot_id, stale.update_id
    FROM telegram_updates AS stale
    JOIN bots ON bots.tenant_id = stale.tenant_id AND bots.id = stale.bot_id AND bots.state <> 'suspended'
    WHERE stale.state IN ('leased', 'waiting') AND stale.lease_until < now()
        AND NOT EXISTS (
            SELECT
            FROM telegram_updates AS earlier
            WHERE earlier.tenant_id = stale.tenant_id AND earlier.bot_id = stale.bot_id
                AND earlier.chat_key = stale.chat_key AND earlier.update_id < stale.update_id
                AND earlier.state IN ('leased', 'waiting')
        )
    ORDER BY stale.lease_until, stale.update_id
    LIMIT most
$$;
