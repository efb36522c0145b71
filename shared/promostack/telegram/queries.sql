-- name: route_bot
-- scope: global, because the webhook's address is all that is known yet; the definer function returns ids only.
SELECT tenant_id, bot_id
FROM router_bot(%(public_id)s)

-- name: find_bot
-- A bot with what recognises Telegram's calls.
SELECT tenant_id, id, public_id, username, state, webhook_secret_hash
FROM bots
WHERE tenant_id = %(tenant_id)s AND id = %(bot_id)s

-- name: bot_by_telegram_id
-- The tenant's own connection of that bot.
SELECT tenant_id, id, public_id, username, state
FROM bots
WHERE tenant_id = %(tenant_id)s AND telegram_id = %(telegram_id)s

-- name: add_bot
-- Connects a bot, or renews its webhook's secret when this tenant has connected it before.
INSERT INTO bots (tenant_id, id, public_id, telegram_id, username, webhook_secret_hash)
VALUES (%(tenant_id)s, %(id)s, %(public_id)s, %(telegram_id)s, %(username)s, %(webhook_secret_hash)s)
ON CONFLICT (tenant_id, id) DO UPDATE
SET username = excluded.username, webhook_secret_hash = excluded.webhook_secret_hash, state = 'active',
    paused_reason = NULL

-- name: take_update
-- Stores an update under a lease, or takes over one whose lease ran out; no row when it is done or held.
INSERT INTO telegram_updates AS stored (tenant_id, bot_id, update_id, payload, state, attempts, lease_until,
    lease_token)
VALUES (%(tenant_id)s, %(bot_id)s, %(update_id)s, %(payload)s, 'leased', 1,
    now() + %(lease_s)s * interval '1 second', %(lease_token)s)
ON CONFLICT (tenant_id, bot_id, update_id) DO UPDATE
SET state = 'leased', attempts = stored.attempts + 1, lease_until = excluded.lease_until,
    lease_token = excluded.lease_token
WHERE stored.tenant_id = %(tenant_id)s AND stored.state IN ('leased', 'waiting') AND stored.lease_until < now()
RETURNING attempts, received_at < now() - %(fresh_s)s * interval '1 second' AS is_stale

-- name: hold_update
-- Stores an update that nobody answers for now; the one that is stored already stays as it is.
INSERT INTO telegram_updates (tenant_id, bot_id, update_id, payload, state, lease_until)
VALUES (%(tenant_id)s, %(bot_id)s, %(update_id)s, %(payload)s, 'waiting', now())
ON CONFLICT (tenant_id, bot_id, update_id) DO NOTHING

-- name: ignore_old_updates
-- Closes waiting updates that nobody expects an answer to any more.
UPDATE telegram_updates
SET state = 'ignored', last_error = 'too_old', finished_at = now(), lease_until = NULL
WHERE tenant_id = %(tenant_id)s AND state = 'waiting' AND received_at < now() - %(fresh_s)s * interval '1 second'

-- name: spread_updates
-- Lets waiting updates come up so many a minute, in the order in which they came in.
UPDATE telegram_updates
SET lease_until = now() + (turn.number / %(a_minute)s) * interval '1 minute'
FROM (
    SELECT bot_id, update_id, row_number() OVER (ORDER BY received_at, update_id) - 1 AS number
    FROM telegram_updates
    WHERE tenant_id = %(tenant_id)s AND state = 'waiting'
) AS turn
WHERE telegram_updates.tenant_id = %(tenant_id)s AND telegram_updates.state = 'waiting'
    AND telegram_updates.bot_id = turn.bot_id AND telegram_updates.update_id = turn.update_id

-- name: update_state
-- What became of an update that could not be taken.
SELECT state
FROM telegram_updates
WHERE tenant_id = %(tenant_id)s AND bot_id = %(bot_id)s AND update_id = %(update_id)s

-- name: close_update
-- Ends an update as done, ignored or parked; only the holder of the lease may.
UPDATE telegram_updates
SET state = %(state)s, finished_at = now(), lease_until = NULL, lease_token = NULL, last_error = %(error)s
WHERE tenant_id = %(tenant_id)s AND bot_id = %(bot_id)s AND update_id = %(update_id)s
    AND lease_token = %(lease_token)s

-- name: release_update
-- Gives an update back at once, so that the next delivery may try again.
UPDATE telegram_updates
SET state = 'waiting', lease_until = now(), lease_token = NULL, last_error = %(error)s,
    attempts = attempts - %(uncounted)s
WHERE tenant_id = %(tenant_id)s AND bot_id = %(bot_id)s AND update_id = %(update_id)s
    AND lease_token = %(lease_token)s

-- name: stored_update
-- An update as Telegram sent it.
SELECT payload
FROM telegram_updates
WHERE tenant_id = %(tenant_id)s AND bot_id = %(bot_id)s AND update_id = %(update_id)s

-- name: stale_updates
-- scope: global, because the tick has no tenant; the definer function returns ids only.
SELECT tenant_id, bot_id, update_id
FROM router_stale_updates(%(most)s)

-- name: open_conversation
-- The conversation of a bot and a user, made at their first contact; an inline query says nothing of his private chat.
INSERT INTO conversations AS talk (tenant_id, bot_id, user_id, chat_id, language, started_at)
VALUES (
    %(tenant_id)s, %(bot_id)s, %(user_id)s, %(chat_id)s, %(language)s, CASE WHEN %(is_private)s THEN now() END
)
ON CONFLICT (tenant_id, bot_id, user_id) DO UPDATE
SET chat_id = excluded.chat_id,
    language = excluded.language,
    started_at = coalesce(talk.started_at, excluded.started_at),
    blocked_at = CASE WHEN %(is_private)s THEN NULL ELSE talk.blocked_at END
WHERE talk.tenant_id = %(tenant_id)s
RETURNING state, version

-- name: save_conversation
-- Stores the new state, and the wish for news where it changed, unless somebody changed the conversation meanwhile.
UPDATE conversations
SET state = %(state)s,
    version = version + 1,
    updated_at = now(),
    stopped_at = CASE %(wants_news)s::boolean WHEN true THEN NULL WHEN false THEN now() ELSE stopped_at END
WHERE tenant_id = %(tenant_id)s
    AND bot_id = %(bot_id)s
    AND user_id = %(user_id)s
    AND version = %(version)s

-- name: note_membership
-- The user has blocked the bot, or is back.
UPDATE conversations
SET blocked_at = CASE WHEN %(is_gone)s THEN now() END
WHERE tenant_id = %(tenant_id)s
    AND bot_id = %(bot_id)s
    AND user_id = %(user_id)s

-- name: drop_finished_updates
-- Updates that cannot be delivered again, and parked ones that nobody looks into any more, some at a time.
DELETE FROM telegram_updates
WHERE tenant_id = %(tenant_id)s
    AND (bot_id, update_id) IN (
        SELECT bot_id, update_id
        FROM telegram_updates
        WHERE tenant_id = %(tenant_id)s
            AND ((state IN ('done', 'ignored') AND received_at < %(before)s)
                OR (state = 'parked' AND received_at < %(parked_before)s))
        LIMIT %(most)s
        FOR UPDATE SKIP LOCKED
    )
