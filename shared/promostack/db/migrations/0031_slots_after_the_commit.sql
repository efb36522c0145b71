-- A slot that begins at once is over before a slow commit is: slots begin `ahead_s` from now at the earliest. The function
-- without it stays for functions that are not deployed anew yet.
CREATE FUNCTION reserve_slots(
    of_tenant uuid, of_bot uuid, chats bigint[], spacing_s float8, horizon_s float8,
    chat_spacing_s float8, chat_burst_s float8, group_most integer, group_window_s float8, ahead_s float8
) RETURNS TABLE (at_position integer, is_taken boolean, wait_s float8, counted_from_s float8)
LANGUAGE plpgsql
AS $$
DECLARE
    limiter bot_limiters;
    chat chat_limiters;
    moment timestamptz;
    slot timestamptz;
    free_at timestamptz;
BEGIN
    SELECT * INTO limiter FROM bot_limiters WHERE tenant_id = of_tenant AND bot_id = of_bot FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO bot_limiters (tenant_id, bot_id) VALUES (of_tenant, of_bot) ON CONFLICT DO NOTHING;
        SELECT * INTO limiter FROM bot_limiters WHERE tenant_id = of_tenant AND bot_id = of_bot FOR UPDATE;
    END IF;
    moment := clock_timestamp();
    counted_from_s := extract(epoch FROM moment);
    slot := greatest(limiter.next_slot_at, limiter.closed_until, moment + ahead_s * interval '1 second');
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
REVOKE EXECUTE ON FUNCTION
    reserve_slots(uuid, uuid, bigint[], float8, float8, float8, float8, integer, float8, float8)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    reserve_slots(uuid, uuid, bigint[], float8, float8, float8, float8, integer, float8, float8)
    TO promostack_app;
