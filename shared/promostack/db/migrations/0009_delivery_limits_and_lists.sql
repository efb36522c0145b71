-- Delivery complete: slots for a bot and its chats in one call, senders on duty, what caused a message, and the lists of
-- the outbox. Room on the pages and no index on lease_until: writing the intent then touches no index.
ALTER TABLE outbox SET (fillfactor = 80);
ALTER TABLE outbox ADD COLUMN source text CHECK (length(source) BETWEEN 1 AND 120);
DROP INDEX outbox_leased;
CREATE INDEX outbox_in_flight ON outbox (tenant_id, bot_id, chat_id) WHERE state = 'leased';
CREATE INDEX outbox_of_chat ON outbox (tenant_id, bot_id, chat_id, id);
CREATE INDEX outbox_of_source ON outbox (tenant_id, source) WHERE state IN ('waiting', 'leased');
CREATE INDEX outbox_dead ON outbox (tenant_id, id) WHERE state IN ('failed', 'ambiguous');
CREATE INDEX outbox_finished ON outbox (tenant_id, bot_id, finished_at) WHERE finished_at IS NOT NULL;

-- The moment up to which senders that found the bot's slots taken were told to come back, one after another.
ALTER TABLE bot_limiters ADD COLUMN turn_at timestamptz;

-- Not logged: a crash of the server may forget who was written to in the last second, and costs a write less a message.
CREATE UNLOGGED TABLE chat_limiters (
    tenant_id uuid NOT NULL,
    bot_id uuid NOT NULL,
    chat_id bigint NOT NULL,
    -- One message a second: the moment at which the messages so far are paid for.
    next_at timestamptz NOT NULL,
    -- Groups only: the last sends, oldest first.
    recent timestamptz[] NOT NULL DEFAULT '{}',
    PRIMARY KEY (tenant_id, bot_id, chat_id),
    FOREIGN KEY (tenant_id, bot_id) REFERENCES bots (tenant_id, id)
) WITH (fillfactor = 80);
CALL isolate_tenants('chat_limiters', 'SELECT, INSERT, UPDATE, DELETE');

-- Takes one slot for each of `chats`, in order (NULL: a call that is no message). Answers a line for each: taken, and
-- the seconds until the slot; or not, and the seconds until that chat may be written to. When the bot's next slot is
-- further away than `horizon_s`, nothing is taken and position 0 says when to ask again.
CREATE FUNCTION reserve_slots(
    of_tenant uuid, of_bot uuid, chats bigint[], spacing_s float8, horizon_s float8,
    chat_spacing_s float8, chat_burst_s float8, group_most integer, group_window_s float8
) RETURNS TABLE (at_position integer, is_taken boolean, wait_s float8)
LANGUAGE plpgsql
AS $$
DECLARE
    limiter bot_limiters;
    chat chat_limiters;
    moment timestamptz;
    slot timestamptz;
    free_at timestamptz;
BEGIN
    INSERT INTO bot_limiters (tenant_id, bot_id) VALUES (of_tenant, of_bot) ON CONFLICT DO NOTHING;
    SELECT * INTO limiter FROM bot_limiters WHERE tenant_id = of_tenant AND bot_id = of_bot FOR UPDATE;
    moment := clock_timestamp();
    slot := greatest(limiter.next_slot_at, limiter.closed_until, moment);
    IF slot > moment + horizon_s * interval '1 second' THEN
        free_at := greatest(limiter.turn_at, slot - horizon_s * interval '1 second', moment);
        UPDATE bot_limiters SET turn_at = free_at + cardinality(chats) * spacing_s * interval '1 second'
        WHERE tenant_id = of_tenant AND bot_id = of_bot;
        at_position := 0; is_taken := false; wait_s := extract(epoch FROM free_at - moment);
        RETURN NEXT;
        RETURN;
    END IF;
    FOR i IN 1 .. cardinality(chats) LOOP
        at_position := i; is_taken := true;
        IF chats[i] IS NOT NULL THEN
            SELECT * INTO chat FROM chat_limiters
            WHERE tenant_id = of_tenant AND bot_id = of_bot AND chat_id = chats[i] FOR UPDATE;
            free_at := chat.next_at - chat_burst_s * interval '1 second';
            IF chats[i] < 0 AND cardinality(chat.recent) >= group_most THEN
                free_at := greatest(free_at, chat.recent[1] + group_window_s * interval '1 second');
            END IF;
            is_taken := free_at IS NULL OR free_at <= slot;
            IF is_taken THEN
                INSERT INTO chat_limiters AS known (tenant_id, bot_id, chat_id, next_at, recent)
                VALUES (of_tenant, of_bot, chats[i], slot + chat_spacing_s * interval '1 second',
                    CASE WHEN chats[i] < 0 THEN ARRAY[slot] ELSE '{}' END)
                ON CONFLICT (tenant_id, bot_id, chat_id) DO UPDATE
                SET next_at = greatest(known.next_at, slot) + chat_spacing_s * interval '1 second',
                    recent = CASE WHEN chats[i] < 0 THEN (known.recent || slot)[
                        greatest(1, cardinality(known.recent) + 2 - group_most) :] ELSE '{}' END;
            END IF;
        END IF;
        wait_s := extract(epoch FROM (CASE WHEN is_taken THEN slot ELSE free_at END) - moment);
        RETURN NEXT;
        IF is_taken THEN
            slot := slot + spacing_s * interval '1 second';
        END IF;
    END LOOP;
    UPDATE bot_limiters SET next_slot_at = slot WHERE tenant_id = of_tenant AND bot_id = of_bot;
END
$$;
REVOKE EXECUTE ON FUNCTION reserve_slots FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reserve_slots TO promostack_app;

-- So many senders work for all bots at once; one that dies is missed after its time, not replaced by two.
CREATE TABLE sender_shifts (
    number smallint PRIMARY KEY,
    holder text,
    held_until timestamptz NOT NULL DEFAULT '-infinity'
);
INSERT INTO sender_shifts (number) SELECT generate_series(1, 4);
GRANT SELECT, UPDATE ON sender_shifts TO promostack_app;
GRANT SELECT ON sender_shifts TO promostack_read;

-- Bots with work, the most urgent first; among equals each tenant's first bot before any tenant's second one.
GRANT SELECT (priority) ON outbox TO promostack_router;
DROP FUNCTION router_bots_with_due_messages(integer);
CREATE FUNCTION router_bots_with_messages(priorities smallint[], ahead_s float8, most integer)
RETURNS TABLE (tenant_id uuid, bot_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    WITH waiting AS (
        SELECT bots.tenant_id, bots.id AS bot_id, wanted.priority
        FROM bots
        CROSS JOIN unnest(priorities) AS wanted (priority)
        CROSS JOIN LATERAL (
            SELECT 1
            FROM outbox
            WHERE outbox.tenant_id = bots.tenant_id AND outbox.bot_id = bots.id AND outbox.state = 'waiting'
                AND outbox.priority = wanted.priority AND due_at <= now() + ahead_s * interval '1 second'
            LIMIT 1
        ) AS due
        WHERE bots.state = 'active'
        UNION ALL
        SELECT outbox.tenant_id, outbox.bot_id, outbox.priority
        FROM outbox
        JOIN bots ON bots.tenant_id = outbox.tenant_id AND bots.id = outbox.bot_id AND bots.state = 'active'
        WHERE outbox.state = 'leased' AND lease_until < now() + ahead_s * interval '1 second'
    ), ranked AS (
        SELECT waiting.tenant_id, waiting.bot_id, min(priority) AS priority,
            row_number() OVER (PARTITION BY waiting.tenant_id ORDER BY min(priority), random()) AS turn
        FROM waiting
        GROUP BY waiting.tenant_id, waiting.bot_id
    )
    SELECT ranked.tenant_id, ranked.bot_id
    FROM ranked
    ORDER BY priority, turn, random()
    LIMIT most
$$;
ALTER FUNCTION router_bots_with_messages(smallint[], float8, integer) OWNER TO promostack_router;
REVOKE EXECUTE ON FUNCTION router_bots_with_messages(smallint[], float8, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION router_bots_with_messages(smallint[], float8, integer) TO promostack_app;
