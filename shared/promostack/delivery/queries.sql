-- name: enqueue
-- Puts messages into the outbox, each once; with a lease token they are the caller's own to send at once.
INSERT INTO outbox (tenant_id, bot_id, chat_id, kind, method, payload, idempotency_key, priority, source, due_at, state,
    lease_until, lease_token)
SELECT %(tenant_id)s, %(bot_id)s, new.chat_id, new.kind, new.method, new.payload, new.idempotency_key, new.priority,
    new.source, coalesce(new.due_at, now()), %(state)s, now() + %(lease_s)s::float8 * interval '1 second',
    %(lease_token)s
FROM jsonb_to_recordset(%(messages)s) AS new (chat_id bigint, kind text, method text, payload jsonb,
    idempotency_key text, priority smallint, source text, due_at timestamptz)
ON CONFLICT (tenant_id, idempotency_key) DO NOTHING
RETURNING id, idempotency_key

-- name: claim_alone
-- One sender at a time looks for the next rows of a bot, so that two never take messages of one chat side by side.
SELECT pg_try_advisory_xact_lock(hashtextextended(%(bot_id)s::text, 9))

-- name: claim
-- Leases a bot's next due rows: the most urgent first, those of lost leases too, none of a chat that has to wait.
WITH due AS (
    SELECT next.id, wanted.priority, next.due_at
    FROM unnest(%(priorities)s::smallint[]) AS wanted (priority)
    CROSS JOIN LATERAL (
        SELECT outbox.id, outbox.due_at
        FROM outbox
        WHERE outbox.tenant_id = %(tenant_id)s AND outbox.bot_id = %(bot_id)s AND outbox.state = 'waiting'
            AND outbox.priority = wanted.priority AND outbox.due_at <= now()
            -- A look-up for each row, by its index: as a join it is planned for few leased rows and compares all with all.
            AND coalesce((
                SELECT chat_limiters.next_at
                FROM chat_limiters
                WHERE chat_limiters.tenant_id = %(tenant_id)s AND chat_limiters.bot_id = %(bot_id)s
                    AND chat_limiters.chat_id = outbox.chat_id
            ) <= now() + %(patience_s)s * interval '1 second', true)
            AND (
                SELECT count(*)
                FROM outbox AS held
                WHERE held.tenant_id = %(tenant_id)s AND held.bot_id = %(bot_id)s AND held.state = 'leased'
                    AND held.chat_id = outbox.chat_id AND held.lease_token <> %(lease_token)s
                    AND held.lease_until > now()
            ) = 0
            -- Behind a message that is tried again, also when both are due; the answer to a button waits for nobody.
            AND (outbox.method LIKE 'answer%%' OR (
                SELECT count(*)
                FROM outbox AS ahead
                WHERE ahead.tenant_id = %(tenant_id)s AND ahead.bot_id = %(bot_id)s AND ahead.state = 'waiting'
                    AND ahead.attempts > 0 AND ahead.chat_id = outbox.chat_id AND ahead.id < outbox.id
                    AND ahead.priority = outbox.priority
            ) = 0)
        ORDER BY outbox.due_at, outbox.id
        LIMIT %(most)s
    ) AS next
    UNION ALL
    SELECT lost.id, lost.priority, lost.due_at
    FROM outbox AS lost
    WHERE lost.tenant_id = %(tenant_id)s AND lost.bot_id = %(bot_id)s AND lost.state = 'leased'
        AND lost.lease_until < now()
    ORDER BY priority, due_at, id
    LIMIT %(most)s
), free AS (
    SELECT id
    FROM outbox
    WHERE tenant_id = %(tenant_id)s AND id IN (SELECT due.id FROM due)
        AND (state = 'waiting' OR (state = 'leased' AND lease_until < now()))
        AND EXISTS (
            SELECT FROM bots
            WHERE bots.tenant_id = %(tenant_id)s AND bots.id = %(bot_id)s AND bots.state = 'active'
        )
    FOR UPDATE SKIP LOCKED
)
UPDATE outbox
SET state = 'leased', lease_token = %(lease_token)s, lease_until = now() + %(lease_s)s * interval '1 second'
WHERE tenant_id = %(tenant_id)s AND id IN (SELECT free.id FROM free)
RETURNING id, bot_id, chat_id, kind, method, payload, attempts, priority, due_at, intent_at

-- name: find_files
-- The file_ids under which this bot has already uploaded some of these pictures.
SELECT sha256, kind, file_id
FROM telegram_files
WHERE tenant_id = %(tenant_id)s AND bot_id = %(bot_id)s AND sha256 = ANY(%(hashes)s)

-- name: remember_file
-- Keeps the file_id of an uploaded picture.
INSERT INTO telegram_files (tenant_id, bot_id, sha256, kind, file_id)
VALUES (%(tenant_id)s, %(bot_id)s, %(sha256)s, %(kind)s, %(file_id)s)
ON CONFLICT (tenant_id, bot_id, sha256, kind) DO UPDATE SET file_id = excluded.file_id

-- name: forget_file
-- Drops a file_id that Telegram no longer knows.
DELETE FROM telegram_files
WHERE tenant_id = %(tenant_id)s AND bot_id = %(bot_id)s AND sha256 = %(sha256)s AND kind = %(kind)s

-- name: reserve_slots
-- Takes the bot's next slots for messages to these chats; the function's comment says what comes back.
SELECT at_position, is_taken, wait_s, counted_from_s
FROM reserve_slots(%(tenant_id)s, %(bot_id)s, %(chats)s::bigint[], %(spacing_s)s, %(horizon_s)s, %(chat_spacing_s)s,
    %(chat_burst_s)s, %(group_most)s, %(group_window_s)s, %(ahead_s)s)

-- name: tell_clock
-- The database's moment now, in seconds since 1970: by it all senders count their slots.
SELECT extract(epoch FROM clock_timestamp())::float8 AS moment_s

-- name: gate_closed_s
-- The seconds for which no call of this bot may be made, or NULL.
SELECT extract(epoch FROM closed_until - now())::float8 AS closed_s
FROM bot_limiters
WHERE tenant_id = %(tenant_id)s AND bot_id = %(bot_id)s AND closed_until > now()

-- name: close_gate
-- No call of this bot until the moment that Telegram named.
INSERT INTO bot_limiters AS limiter (tenant_id, bot_id, closed_until)
VALUES (%(tenant_id)s, %(bot_id)s, now() + %(seconds)s * interval '1 second')
ON CONFLICT (tenant_id, bot_id) DO UPDATE
SET closed_until = greatest(limiter.closed_until, excluded.closed_until)
WHERE limiter.tenant_id = %(tenant_id)s

-- name: drop_idle_chats
-- Chats that may be written to since long ago, some at a time.
DELETE FROM chat_limiters
WHERE tenant_id = %(tenant_id)s
    AND (bot_id, chat_id) IN (
        SELECT bot_id, chat_id
        FROM chat_limiters
        WHERE tenant_id = %(tenant_id)s AND next_at < %(before)s
        LIMIT %(most)s
        FOR UPDATE SKIP LOCKED
    )

-- name: write_intents
-- States that these rows are about to be called; one does not come back when another sender took it over, the gate
-- closed, or the bot was suspended with its tenant: then the row waits with its lease, and for the bot.
UPDATE outbox
SET intent_at = now(), attempts = near.attempts, lease_until = now() + %(lease_s)s * interval '1 second'
FROM unnest(%(ids)s::bigint[], %(attempts_of)s::integer[]) AS near (id, attempts)
WHERE outbox.tenant_id = %(tenant_id)s AND outbox.id = near.id AND state = 'leased' AND lease_token = %(lease_token)s
    AND NOT EXISTS (
        SELECT FROM bot_limiters
        WHERE bot_limiters.tenant_id = %(tenant_id)s AND bot_limiters.bot_id = outbox.bot_id AND closed_until > now()
    )
    AND NOT EXISTS (
        SELECT FROM bots
        WHERE bots.tenant_id = %(tenant_id)s AND bots.id = outbox.bot_id AND bots.state = 'suspended'
    )
RETURNING outbox.id

-- name: reserve_and_intend
-- Takes slots for these rows and writes the intents of the first ones whose slot is near; the limiter's row, locked by
-- then, says whether the gate is closed.
WITH slots AS MATERIALIZED (
    SELECT at_position, is_taken, wait_s, counted_from_s
    FROM reserve_slots(%(tenant_id)s, %(bot_id)s, %(chats)s::bigint[], %(spacing_s)s, %(horizon_s)s,
        %(chat_spacing_s)s, %(chat_burst_s)s, %(group_most)s, %(group_window_s)s, %(ahead_s)s)
), near AS (
    SELECT ready.id, ready.attempts
    FROM unnest(%(ids)s::bigint[], %(attempts_of)s::integer[]) WITH ORDINALITY AS ready (id, attempts, position)
    JOIN slots ON slots.at_position = ready.position AND slots.is_taken AND slots.wait_s <= %(lead_s)s
    ORDER BY ready.position
    LIMIT %(most)s
), intended AS (
    UPDATE outbox
    SET intent_at = now(), attempts = near.attempts, lease_until = now() + %(lease_s)s * interval '1 second'
    FROM near
    WHERE outbox.tenant_id = %(tenant_id)s AND outbox.id = near.id AND state = 'leased'
        AND lease_token = %(lease_token)s
        AND NOT EXISTS (
            SELECT FROM bots
            WHERE bots.tenant_id = %(tenant_id)s AND bots.id = outbox.bot_id AND bots.state = 'suspended'
        )
    RETURNING outbox.id
)
SELECT at_position, is_taken, wait_s, counted_from_s,
    coalesce((SELECT array_agg(intended.id) FROM intended), '{}') AS intended
FROM slots

-- name: finish
-- Records how the call ended; only the holder of the lease may.
UPDATE outbox
SET state = %(state)s, message_id = %(message_id)s, error_code = %(error_code)s, error_text = %(error_text)s,
    finished_at = now(), lease_until = NULL, lease_token = NULL
WHERE tenant_id = %(tenant_id)s AND id = %(id)s AND state = 'leased' AND lease_token = %(lease_token)s

-- name: put_back
-- Hands a row back to be sent later, or in its old place; `ambiguities` counts calls whose outcome nobody knows.
UPDATE outbox
SET state = 'waiting', due_at = coalesce(now() + %(delay_s)s::float8 * interval '1 second', due_at),
    chat_id = %(chat_id)s, intent_at = NULL, attempts = %(attempts)s, ambiguities = ambiguities + %(ambiguities)s,
    error_code = coalesce(%(error_code)s, error_code), error_text = coalesce(%(error_text)s, error_text),
    lease_until = NULL, lease_token = NULL
WHERE tenant_id = %(tenant_id)s AND id = %(id)s AND state = 'leased' AND lease_token = %(lease_token)s

-- name: count_ambiguity
-- A row was taken over with an intent and no outcome, and is called again.
UPDATE outbox
SET ambiguities = ambiguities + 1, intent_at = NULL
WHERE tenant_id = %(tenant_id)s AND id = %(id)s AND lease_token = %(lease_token)s

-- name: cancel_for_chat
-- Nothing more goes to a recipient who is gone, rows held by a sender and not called yet included.
UPDATE outbox
SET state = 'cancelled', error_code = %(error_code)s, finished_at = now(), lease_until = NULL, lease_token = NULL
WHERE tenant_id = %(tenant_id)s AND bot_id = %(bot_id)s AND chat_id = %(chat_id)s
    AND (state = 'waiting' OR (state = 'leased' AND intent_at IS NULL))

-- name: restore_for_chat
-- What a recipient missed since he left is due again, in its old order.
UPDATE outbox
SET state = 'waiting', attempts = 0, intent_at = NULL, error_code = NULL, error_text = NULL, finished_at = NULL
WHERE tenant_id = %(tenant_id)s AND bot_id = %(bot_id)s AND chat_id = %(chat_id)s
    AND state IN ('cancelled', 'failed') AND error_code = %(error_code)s
    AND finished_at > now() - %(within_s)s * interval '1 second'

-- name: move_chat
-- A group became a supergroup: what has not been called yet goes to its new id.
UPDATE outbox
SET chat_id = %(new_chat_id)s
WHERE tenant_id = %(tenant_id)s AND bot_id = %(bot_id)s AND chat_id = %(chat_id)s
    AND (state = 'waiting' OR (state = 'leased' AND intent_at IS NULL))

-- name: cancel_source
-- Cancels whatever of one cause has not been called yet, rows held by a sender too.
UPDATE outbox
SET state = 'cancelled', error_code = %(error_code)s, finished_at = now(), lease_until = NULL, lease_token = NULL
WHERE tenant_id = %(tenant_id)s AND source = %(source)s
    AND (state = 'waiting' OR (state = 'leased' AND intent_at IS NULL))

-- name: cancel_key
-- Cancels one message unless it has been called.
UPDATE outbox
SET state = 'cancelled', error_code = %(error_code)s, finished_at = now(), lease_until = NULL, lease_token = NULL
WHERE tenant_id = %(tenant_id)s AND idempotency_key = %(idempotency_key)s
    AND (state = 'waiting' OR (state = 'leased' AND intent_at IS NULL))

-- name: withdraw
-- Cancels one message unless it has been called; one that its chat's leaving stopped does not come back with the chat.
UPDATE outbox
SET state = 'cancelled', error_code = %(error_code)s, finished_at = now(), lease_until = NULL, lease_token = NULL
WHERE tenant_id = %(tenant_id)s AND id = %(id)s
    AND (state = 'waiting' OR (state = 'leased' AND intent_at IS NULL)
        OR (state IN ('cancelled', 'failed') AND error_code = %(gone)s))

-- name: requeue
-- Sends dead letters once more, by somebody's decision; an ambiguous one may then arrive twice.
UPDATE outbox
SET state = 'waiting', attempts = 0, due_at = now(), intent_at = NULL, error_code = NULL, error_text = NULL,
    finished_at = NULL
WHERE tenant_id = %(tenant_id)s AND id = ANY(%(ids)s) AND state IN ('failed', 'ambiguous')

-- name: lease_own
-- Leases rows that wait to whoever has just let them and sends them at once; those of a bot that stands still wait on.
UPDATE outbox
SET state = 'leased', lease_until = now() + %(lease_s)s * interval '1 second', lease_token = %(lease_token)s
WHERE tenant_id = %(tenant_id)s AND id = ANY(%(ids)s) AND state = 'waiting'
    AND EXISTS (
        SELECT FROM bots
        WHERE bots.tenant_id = %(tenant_id)s AND bots.id = outbox.bot_id AND bots.state = 'active'
    )
RETURNING id, bot_id, chat_id, kind, method, payload, attempts

-- name: rewrite_own
-- Other params for a row that its holder has not called yet; its lease begins anew.
UPDATE outbox
SET payload = jsonb_set(payload, '{params}', %(params)s::jsonb),
    lease_until = now() + %(lease_s)s * interval '1 second'
WHERE tenant_id = %(tenant_id)s AND id = %(id)s AND state = 'leased' AND lease_token = %(lease_token)s
    AND intent_at IS NULL

-- name: hold_bot_to_pause
-- Waits for whoever is giving the bot another token.
SELECT id
FROM bots
WHERE tenant_id = %(tenant_id)s AND id = %(bot_id)s
FOR NO KEY UPDATE

-- name: pause_bot
-- Stops a bot whose token Telegram refuses, with the reason its owner reads; not one that has another token by now.
UPDATE bots
SET state = 'paused', paused_reason = %(reason)s
WHERE tenant_id = %(tenant_id)s AND id = %(bot_id)s
    AND (
        %(refused)s::text[] IS NULL
        OR EXISTS (
            SELECT 1
            FROM secret_fingerprints
            WHERE tenant_id = %(tenant_id)s AND purpose = 'bot.token' AND subject = %(bot_id)s::text
                AND fingerprint = ANY(%(refused)s::text[])
        )
    )

-- name: bots_with_messages
-- scope: global, because the worker has no tenant yet; the definer function returns ids only.
SELECT tenant_id, bot_id
FROM router_bots_with_messages(%(priorities)s::smallint[], %(ahead_s)s, %(most)s)

-- name: take_shift
-- scope: global, because a sender works for all tenants; no row comes back when enough of them are at work.
UPDATE sender_shifts
SET holder = %(holder)s, held_until = now() + %(lease_s)s * interval '1 second'
WHERE number = (
    SELECT number
    FROM sender_shifts
    WHERE held_until < now()
    ORDER BY number
    LIMIT 1
    FOR UPDATE SKIP LOCKED
)
RETURNING number

-- name: keep_shift
-- scope: global, because a sender works for all tenants; no row comes back when the shift went to another one.
UPDATE sender_shifts
SET held_until = now() + %(lease_s)s * interval '1 second'
WHERE holder = %(holder)s
RETURNING number

-- name: end_shift
-- scope: global, because a sender works for all tenants.
UPDATE sender_shifts
SET holder = NULL, held_until = '-infinity'
WHERE holder = %(holder)s

-- name: count_shifts
-- scope: global, because a sender works for all tenants.
SELECT count(*)
FROM sender_shifts
WHERE held_until >= now()

-- name: list_messages
-- A page of the outbox, newest first, narrowed by whatever is given.
SELECT id, idempotency_key AS key, bot_id, chat_id, kind, method, payload, source, state, due_at, attempts, ambiguities,
    message_id, error_code, error_text, created_at, finished_at
FROM outbox
WHERE tenant_id = %(tenant_id)s
    AND (%(bot_id)s::uuid IS NULL OR bot_id = %(bot_id)s::uuid)
    AND (%(chat_id)s::bigint IS NULL OR chat_id = %(chat_id)s::bigint)
    AND (%(states)s::text[] IS NULL OR state = ANY(%(states)s::text[]))
    AND (%(kind)s::text IS NULL OR kind = %(kind)s::text)
    AND (%(source)s::text IS NULL OR source = %(source)s::text)
    AND (%(before)s::bigint IS NULL OR id < %(before)s::bigint)
ORDER BY id DESC
LIMIT %(most)s

-- name: hold_messages
-- Messages by their keys, kept as they are until the transaction ends.
SELECT id, idempotency_key AS key, state, source, error_code, payload ? 'attachment' AS has_picture
FROM outbox
WHERE tenant_id = %(tenant_id)s AND idempotency_key = ANY(%(keys)s)
ORDER BY id
FOR UPDATE

-- name: count_messages
-- How many messages of each bot are in a state, and how many of them have a time of their own; counted up to a limit.
SELECT bot_id, is_ahead, count(*) AS number
FROM (
    SELECT bot_id, due_at > now() + interval '1 minute' AS is_ahead
    FROM outbox
    WHERE tenant_id = %(tenant_id)s AND state = %(state)s
    LIMIT %(most)s
) AS counted
GROUP BY bot_id, is_ahead

-- name: bots_at_work
-- What makes the messages of each bot wait.
SELECT bots.id, bots.username, bots.state, bots.paused_reason,
    coalesce(extract(epoch FROM bot_limiters.closed_until - now())::float8, 0) AS closed_s
FROM bots
LEFT JOIN bot_limiters ON bot_limiters.tenant_id = bots.tenant_id AND bot_limiters.bot_id = bots.id
    AND bot_limiters.closed_until > now()
WHERE bots.tenant_id = %(tenant_id)s AND bots.state <> 'disconnected'
ORDER BY bots.username, bots.id

-- name: rate_of_bot
-- What one bot sent in the last minute and seconds, what waits, and for how long its gate is closed.
SELECT
    (SELECT count(*) FROM outbox
        WHERE tenant_id = %(tenant_id)s AND bot_id = %(bot_id)s AND finished_at > now() - interval '60 seconds'
            AND state = 'sent') AS sent_in_last_minute,
    (SELECT count(*) FROM outbox
        WHERE tenant_id = %(tenant_id)s AND bot_id = %(bot_id)s
            AND finished_at > now() - %(seconds)s * interval '1 second' AND state = 'sent') AS sent_lately,
    (SELECT count(*) FROM outbox
        WHERE tenant_id = %(tenant_id)s AND bot_id = %(bot_id)s AND state IN ('waiting', 'leased')
            AND due_at <= now()) AS due,
    (SELECT extract(epoch FROM closed_until - now())::float8 FROM bot_limiters
        WHERE tenant_id = %(tenant_id)s AND bot_id = %(bot_id)s AND closed_until > now()) AS closed_s
