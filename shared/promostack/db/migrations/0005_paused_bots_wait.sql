-- The messages of a paused bot wait until it is connected again: no sender is started for them.
GRANT SELECT (state) ON bots TO promostack_router;

CREATE OR REPLACE FUNCTION router_bots_with_due_messages(most integer) RETURNS TABLE (tenant_id uuid, bot_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT outbox.tenant_id, outbox.bot_id
    FROM outbox
    JOIN bots ON bots.tenant_id = outbox.tenant_id AND bots.id = outbox.bot_id AND bots.state = 'active'
    WHERE (outbox.state = 'waiting' AND due_at <= now()) OR (outbox.state = 'leased' AND lease_until < now())
    GROUP BY outbox.tenant_id, outbox.bot_id
    ORDER BY min(due_at)
    LIMIT most
$$;
