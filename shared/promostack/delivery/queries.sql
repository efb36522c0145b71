-- name: enqueue
-- Puts a message into the outbox once; a lease token makes it the caller's own to send.
INSERT INTO outbox (tenant_id, bot_id, chat_id, kind, method, payload, idempotency_key, priority, state, lease_until,
    lease_token)
VALUES (%(tenant_id)s, %(bot_id)s, %(chat_id)s, %(kind)s, %(method)s, %(payload)s, %(idempotency_key)s, %(priority)s,
    'leased', now() + %(lease_s)s * interval '1 second', %(lease_token)s)
ON CONFLICT (tenant_id, idempotency_key) DO NOTHING
RETURNING id

-- name: claim
-- Leases the next due rows of one bot: the most urgent first, taken over from a sender whose lease ran out.
UPDATE outbox
SET state = 'leased', lease_token = %(lease_token)s, lease_until = now() + %(lease_s)s * interval '1 second'
WHERE tenant_id = %(tenant_id)s
    AND id IN (
        SELECT id
        FROM outbox
        WHERE tenant_id = %(tenant_id)s
            AND bot_id = %(bot_id)s
            AND EXISTS (
                SELECT FROM bots
                WHERE bots.tenant_id = %(tenant_id)s AND bots.id = %(bot_id)s AND bots.state = 'active'
            )
            AND ((state = 'waiting' AND due_at <= now()) OR (state = 'leased' AND lease_until < now()))
        ORDER BY priority, due_at, id
        LIMIT %(most)s
        FOR UPDATE SKIP LOCKED
    )
RETURNING id, bot_id, chat_id, kind, method, payload, attempts, priority, due_at, intent_at

-- name: look_at_limiter
-- Locks the bot's limiter and returns the seconds until its next free slot, a closed gate included.
INSERT INTO bot_limiters AS limiter (tenant_id, bot_id)
VALUES (%(tenant_id)s, %(bot_id)s)
ON CONFLICT (tenant_id, bot_id) DO UPDATE SET next_slot_at = limiter.next_slot_at
WHERE limiter.tenant_id = %(tenant_id)s
RETURNING extract(epoch FROM greatest(limiter.next_slot_at, limiter.closed_until, now()) - now())::float8

-- name: take_slots
-- Takes the bot's next slots; the caller holds the limiter's lock.
UPDATE bot_limiters
SET next_slot_at = greatest(next_slot_at, closed_until, now()) + %(slots)s * %(spacing_s)s * interval '1 second'
WHERE tenant_id = %(tenant_id)s AND bot_id = %(bot_id)s

-- name: gate_closed_s
-- The seconds for which no call of this bot may be made, or NULL.
SELECT extract(epoch FROM closed_until - now())::float8
FROM bot_limiters
WHERE tenant_id = %(tenant_id)s AND bot_id = %(bot_id)s AND closed_until > now()

-- name: close_gate
-- No call of this bot until the moment that Telegram named.
INSERT INTO bot_limiters AS limiter (tenant_id, bot_id, closed_until)
VALUES (%(tenant_id)s, %(bot_id)s, now() + %(seconds)s * interval '1 second')
ON CONFLICT (tenant_id, bot_id) DO UPDATE
SET closed_until = greatest(limiter.closed_until, excluded.closed_until)
WHERE limiter.tenant_id = %(tenant_id)s

-- name: write_intent
-- States that this row is about to be called; no row comes back when another sender took it over or the gate closed.
UPDATE outbox
SET intent_at = now(), attempts = attempts + 1, lease_until = now() + %(lease_s)s * interval '1 second'
WHERE tenant_id = %(tenant_id)s AND id = %(id)s AND state = 'leased' AND lease_token = %(lease_token)s
    AND NOT EXISTS (
        SELECT FROM bot_limiters
        WHERE bot_limiters.tenant_id = %(tenant_id)s AND bot_limiters.bot_id = outbox.bot_id AND closed_until > now()
    )
RETURNING id

-- name: find_file
-- The file_id under which this bot has already uploaded the picture.
SELECT file_id
FROM telegram_files
WHERE tenant_id = %(tenant_id)s AND bot_id = %(bot_id)s AND sha256 = %(sha256)s AND kind = %(kind)s

-- name: remember_file
-- Keeps the file_id of an uploaded picture.
INSERT INTO telegram_files (tenant_id, bot_id, sha256, kind, file_id)
VALUES (%(tenant_id)s, %(bot_id)s, %(sha256)s, %(kind)s, %(file_id)s)
ON CONFLICT (tenant_id, bot_id, sha256, kind) DO UPDATE SET file_id = excluded.file_id

-- name: forget_file
-- Drops a file_id that Telegram no longer knows.
DELETE FROM telegram_files
WHERE tenant_id = %(tenant_id)s AND bot_id = %(bot_id)s AND sha256 = %(sha256)s

-- name: finish
-- Records how the call ended; only the holder of the lease may.
UPDATE outbox
SET state = %(state)s, message_id = %(message_id)s, error_code = %(error_code)s, error_text = %(error_text)s,
    finished_at = now(), lease_until = NULL, lease_token = NULL
WHERE tenant_id = %(tenant_id)s AND id = %(id)s AND state = 'leased' AND lease_token = %(lease_token)s

-- name: put_back
-- Hands a row back to be sent later; `ambiguities` counts the calls whose outcome nobody knows.
UPDATE outbox
SET state = 'waiting', due_at = now() + %(delay_s)s * interval '1 second', chat_id = %(chat_id)s, intent_at = NULL,
    ambiguities = ambiguities + %(ambiguities)s, error_code = %(error_code)s, error_text = %(error_text)s,
    lease_until = NULL, lease_token = NULL
WHERE tenant_id = %(tenant_id)s AND id = %(id)s AND state = 'leased' AND lease_token = %(lease_token)s

-- name: count_ambiguity
-- A row was taken over with an intent and no outcome, and its kind sends again.
UPDATE outbox
SET ambiguities = ambiguities + 1, intent_at = NULL
WHERE tenant_id = %(tenant_id)s AND id = %(id)s AND lease_token = %(lease_token)s

-- name: cancel_for_chat
-- Nothing more goes to a recipient who is gone.
UPDATE outbox
SET state = 'cancelled', error_code = %(error_code)s, finished_at = now()
WHERE tenant_id = %(tenant_id)s AND bot_id = %(bot_id)s AND chat_id = %(chat_id)s AND state = 'waiting'

-- name: pause_bot
-- Stops a bot whose token Telegram refuses, with the reason its owner reads.
UPDATE bots
SET state = 'paused', paused_reason = %(reason)s
WHERE tenant_id = %(tenant_id)s AND id = %(bot_id)s

-- name: bots_with_due_messages
-- scope: global, because the worker has no tenant yet; the definer function returns ids only.
SELECT tenant_id, bot_id
FROM router_bots_with_due_messages(%(most)s)
