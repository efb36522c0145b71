-- name: route_bot
-- scope: global, because the webhook's address is all that is known yet; the definer function returns ids only.
SELECT tenant_id, bot_id
FROM router_bot(%(public_id)s)

-- name: find_bot
-- A bot with what recognises Telegram's calls.
SELECT tenant_id, id, public_id, username, state, group_answer, webhook_secret_hash
FROM bots
WHERE tenant_id = %(tenant_id)s AND id = %(bot_id)s

-- name: bot_by_telegram_id
-- The tenant's own connection of that bot.
SELECT tenant_id, id, public_id, username, state
FROM bots
WHERE tenant_id = %(tenant_id)s AND telegram_id = %(telegram_id)s

-- name: next_bot
-- What the tenant is called, and how many bots it has connected, those that it let go too.
SELECT name, (SELECT count(*) FROM bots WHERE bots.tenant_id = %(tenant_id)s) AS number
FROM tenants
WHERE tenant_id = %(tenant_id)s

-- name: add_bot
-- Connects a bot, or renews its webhook's secret when this tenant has connected it before.
INSERT INTO bots (tenant_id, id, public_id, telegram_id, username, webhook_secret_hash, webhook_base)
VALUES (%(tenant_id)s, %(id)s, %(public_id)s, %(telegram_id)s, %(username)s, %(webhook_secret_hash)s, %(webhook_base)s)
ON CONFLICT (tenant_id, id) DO UPDATE
SET username = excluded.username, webhook_secret_hash = excluded.webhook_secret_hash, state = 'active',
    paused_reason = NULL, webhook_base = excluded.webhook_base, checked_at = NULL, check_problem = NULL,
    check_detail = NULL, webhook_pending = NULL

-- name: list_bots
-- Bots with what is known of their health, all of the tenant's or one; counts stop at `most`, which is what is shown.
SELECT bots.id, bots.username, bots.state, bots.paused_reason, bots.group_answer, bots.created_at, bots.checked_at,
    bots.check_problem, bots.check_detail, bots.webhook_pending,
    (SELECT count(*) FROM (
        SELECT FROM outbox
        WHERE outbox.tenant_id = %(tenant_id)s AND outbox.bot_id = bots.id AND outbox.state = 'waiting'
            AND outbox.due_at <= now()
        LIMIT %(most)s) AS few) AS waiting,
    (SELECT count(*) FROM (
        SELECT FROM outbox
        WHERE outbox.tenant_id = %(tenant_id)s AND outbox.bot_id = bots.id AND outbox.state IN ('failed', 'ambiguous')
        LIMIT %(most)s) AS few) AS dead,
    (SELECT count(*) FROM (
        SELECT FROM telegram_updates
        WHERE telegram_updates.tenant_id = %(tenant_id)s AND telegram_updates.bot_id = bots.id
            AND telegram_updates.state = 'parked'
        LIMIT %(most)s) AS few) AS parked
FROM bots
WHERE bots.tenant_id = %(tenant_id)s AND bots.state <> 'disconnected'
    AND (%(only_bot)s::uuid IS NULL OR bots.id = %(only_bot)s::uuid)
ORDER BY bots.username, bots.id

-- name: hold_bot
-- A bot with what a change or a look needs; whoever else changes it waits until the transaction ends.
SELECT id, public_id, telegram_id, username, state, group_answer, webhook_base,
    coalesce(checked_at > now() - %(fresh_s)s * interval '1 second', false) AS is_fresh
FROM bots
WHERE tenant_id = %(tenant_id)s AND id = %(bot_id)s AND state <> 'disconnected'
FOR UPDATE

-- name: note_check
-- What a look at Telegram found: a refused token pauses the bot, an accepted one sends it back to work.
UPDATE bots
SET checked_at = now(), check_problem = %(problem)s, check_detail = %(detail)s,
    webhook_pending = coalesce(%(pending)s, webhook_pending), username = coalesce(%(username)s, username),
    state = CASE WHEN %(is_refused)s AND state = 'active' THEN 'paused'
        WHEN %(is_accepted)s AND state = 'paused' THEN 'active' ELSE state END,
    paused_reason = CASE WHEN %(is_refused)s THEN %(reason)s WHEN NOT %(is_accepted)s THEN paused_reason END
WHERE tenant_id = %(tenant_id)s AND id = %(bot_id)s

-- name: change_bot
-- How a bot behaves in groups.
UPDATE bots
SET group_answer = %(group_answer)s
WHERE tenant_id = %(tenant_id)s AND id = %(bot_id)s

-- name: change_secret
-- What recognises Telegram's calls, when the old secret cannot be read any more.
UPDATE bots
SET webhook_secret_hash = %(webhook_secret_hash)s
WHERE tenant_id = %(tenant_id)s AND id = %(bot_id)s

-- name: forget_check
-- What the latest look found no longer holds: Telegram is about to be told something about the bot.
UPDATE bots
SET checked_at = NULL, check_problem = NULL, check_detail = NULL
WHERE tenant_id = %(tenant_id)s AND id = %(bot_id)s

-- name: disconnect_bot
-- A bot that its owner let go: its history stays, and no secret recognises calls for it any more.
UPDATE bots
SET state = 'disconnected', paused_reason = NULL, webhook_secret_hash = %(webhook_secret_hash)s, check_problem = NULL,
    check_detail = NULL
WHERE tenant_id = %(tenant_id)s AND id = %(bot_id)s

-- name: let_channels_go
-- Channels of a bot that its owner let go, or one of them; news of a later second, or connecting it again, counts more.
UPDATE channels
SET broken = 'left', told_at = greatest(told_at, date_trunc('second', now())), told_update = -1
WHERE tenant_id = %(tenant_id)s AND bot_id = %(bot_id)s AND broken IS DISTINCT FROM 'left'
    AND (%(only_chat)s::bigint IS NULL OR chat_id = %(only_chat)s::bigint)

-- name: cancel_messages_of_bot
-- Nothing more goes out by a bot that its owner let go, or to one of its chats; what has been called is left.
UPDATE outbox
SET state = 'cancelled', error_code = 'disconnected', finished_at = now(), lease_until = NULL, lease_token = NULL
WHERE tenant_id = %(tenant_id)s AND bot_id = %(bot_id)s
    AND (%(only_chat)s::bigint IS NULL OR chat_id = %(only_chat)s::bigint)
    AND (state = 'waiting' OR (state = 'leased' AND intent_at IS NULL))

-- name: sent_by_second
-- How many messages one bot sent in each of the last seconds, 1 being the current one; seconds without any are left out.
SELECT greatest(1, ceil(extract(epoch FROM now() - finished_at)))::integer AS ago, count(*) AS sent
FROM outbox
WHERE tenant_id = %(tenant_id)s AND bot_id = %(bot_id)s AND state = 'sent'
    AND finished_at > now() - %(seconds)s * interval '1 second'
GROUP BY 1

-- name: answered_lately
-- Whether the bot has written to this group within so many seconds.
SELECT EXISTS (
    SELECT FROM outbox
    WHERE tenant_id = %(tenant_id)s AND bot_id = %(bot_id)s AND chat_id = %(chat_id)s
        AND created_at > now() - %(within_s)s * interval '1 second'
)

-- name: chat_history
-- What came in and what went out in one chat, newest first; `after_` is the place of the last line before.
SELECT line.at, line.way, line.number, bots.id AS bot_id, bots.username AS bot, line.payload, line.state, line.method,
    line.kind, line.error, line.finished_at
FROM bots
CROSS JOIN LATERAL (
    SELECT received_at AS at, 0 AS way, update_id AS number, payload, state, NULL AS method, NULL AS kind,
        last_error AS error, finished_at
    FROM telegram_updates
    WHERE telegram_updates.tenant_id = %(tenant_id)s AND telegram_updates.bot_id = bots.id
        AND chat_key = (%(chat_id)s::bigint)::text
    UNION ALL
    SELECT created_at, 1, outbox.id, payload, outbox.state, method, kind, coalesce(error_text, error_code), finished_at
    FROM outbox
    WHERE outbox.tenant_id = %(tenant_id)s AND outbox.bot_id = bots.id AND outbox.chat_id = %(chat_id)s::bigint
) AS line
WHERE bots.tenant_id = %(tenant_id)s
    AND (%(after_moment)s::timestamptz IS NULL OR (line.at, line.way, line.number)
        < (%(after_moment)s::timestamptz, %(after_way)s::integer, %(after_number)s::bigint))
ORDER BY line.at DESC, line.way DESC, line.number DESC
LIMIT %(most)s

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
-- Lets waiting updates come up so many a minute, each bot's in Telegram's order and bots in turn.
UPDATE telegram_updates
SET lease_until = now() + (turn.number / %(a_minute)s) * interval '1 minute'
FROM (
    SELECT bot_id, update_id, row_number() OVER (ORDER BY place, bot_id) - 1 AS number
    FROM (
        SELECT bot_id, update_id, row_number() OVER (PARTITION BY bot_id ORDER BY update_id) AS place
        FROM telegram_updates
        WHERE tenant_id = %(tenant_id)s AND state = 'waiting'
    ) AS waiting
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
-- The user has blocked the bot, or is back; whether that is news, and not older than what is known of him.
WITH told AS (
    UPDATE conversations
    SET blocked_at = CASE WHEN %(is_gone)s THEN now() END, told_at = %(told_at)s, told_update = %(told_update)s
    WHERE tenant_id = %(tenant_id)s AND bot_id = %(bot_id)s AND user_id = %(user_id)s
        AND (told_at IS NULL OR (told_at, told_update) < (%(told_at)s, %(told_update)s))
    RETURNING user_id
)
SELECT EXISTS (SELECT FROM told) OR NOT EXISTS (
    SELECT FROM conversations
    WHERE tenant_id = %(tenant_id)s AND bot_id = %(bot_id)s AND user_id = %(user_id)s
)

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

-- name: drop_finished_messages
-- Messages that ended long ago, bot by bot, some at a time; one that a channel post is known by stays with the post.
DELETE FROM outbox
WHERE tenant_id = %(tenant_id)s
    AND id IN (
        SELECT old.id
        FROM bots
        CROSS JOIN LATERAL (
            SELECT outbox.id
            FROM outbox
            WHERE outbox.tenant_id = bots.tenant_id AND outbox.bot_id = bots.id AND outbox.finished_at < %(before)s
                AND NOT EXISTS (
                    SELECT FROM channel_posts
                    WHERE channel_posts.tenant_id = %(tenant_id)s AND channel_posts.outbox_id = outbox.id
                )
                AND NOT EXISTS (
                    SELECT FROM channel_posts
                    WHERE channel_posts.tenant_id = %(tenant_id)s AND channel_posts.change_id = outbox.id
                )
            LIMIT %(most)s
            FOR UPDATE SKIP LOCKED
        ) AS old
        WHERE bots.tenant_id = %(tenant_id)s
        LIMIT %(most)s
    )

-- name: open_channel
-- A bot's place in a channel, once a channel; who brings back one that was broken has it from then on.
INSERT INTO channels AS known (tenant_id, id, bot_id, chat_id, title, username, connected_by, broken, told_at,
    told_update)
VALUES (%(tenant_id)s, %(id)s, %(bot_id)s, %(chat_id)s, %(title)s, %(username)s, %(connected_by)s, %(broken)s,
    %(told_at)s, %(told_update)s)
ON CONFLICT (tenant_id, bot_id, chat_id) DO UPDATE
SET title = excluded.title,
    username = excluded.username,
    connected_by = CASE
        WHEN known.broken IS NOT NULL AND excluded.broken IS NULL THEN excluded.connected_by ELSE known.connected_by
    END,
    -- One that was let go comes back with the right to post only.
    broken = CASE WHEN known.broken = 'left' AND excluded.broken IS NOT NULL THEN 'left' ELSE excluded.broken END,
    told_at = excluded.told_at,
    told_update = excluded.told_update
WHERE known.tenant_id = %(tenant_id)s
    AND (known.told_at, known.told_update) < (excluded.told_at, excluded.told_update)
RETURNING id

-- name: close_channel
-- The bot has left a channel that it knew.
UPDATE channels
SET title = %(title)s, username = %(username)s, broken = 'removed', told_at = %(told_at)s,
    told_update = %(told_update)s
WHERE tenant_id = %(tenant_id)s AND bot_id = %(bot_id)s AND chat_id = %(chat_id)s
    AND broken IS DISTINCT FROM 'left'
    AND (told_at, told_update) < (%(told_at)s, %(told_update)s)
RETURNING id

-- name: rename_channel
-- A channel's name as its latest post tells it.
UPDATE channels
SET title = %(title)s, username = %(username)s
WHERE tenant_id = %(tenant_id)s AND bot_id = %(bot_id)s AND chat_id = %(chat_id)s AND told_at <= %(told_at)s
    AND (title, username) IS DISTINCT FROM (%(title)s, %(username)s)

-- name: find_person
-- A person's private chat with the bot, if he has one and did not block it.
SELECT chat_id
FROM conversations
WHERE tenant_id = %(tenant_id)s AND bot_id = %(bot_id)s AND user_id = %(user_id)s AND started_at IS NOT NULL
    AND blocked_at IS NULL

-- name: hold_channel
-- What changes a channel or its posts goes one after the other.
SELECT id
FROM channels
WHERE tenant_id = %(tenant_id)s AND id = %(id)s AND broken IS DISTINCT FROM 'left'
FOR UPDATE

-- name: list_channels
-- Channels by name, all of the tenant's or those of one bot, of one person, or one; a refusal breaks one without news.
SELECT channels.id, channels.bot_id, bots.username AS bot_username, channels.chat_id, channels.title, channels.username,
    channels.connected_by, channels.connected_at, coalesce(channels.broken, CASE WHEN EXISTS (
        SELECT FROM outbox
        WHERE outbox.tenant_id = %(tenant_id)s AND outbox.bot_id = channels.bot_id
            AND outbox.chat_id = channels.chat_id AND outbox.error_code = %(gone)s
            AND outbox.state IN ('failed', 'cancelled') AND outbox.finished_at >= channels.told_at
    ) THEN 'refused' END) AS broken
FROM channels
JOIN bots ON bots.tenant_id = channels.tenant_id AND bots.id = channels.bot_id
WHERE channels.tenant_id = %(tenant_id)s AND channels.broken IS DISTINCT FROM 'left'
    AND (%(of_bot)s::uuid IS NULL OR channels.bot_id = %(of_bot)s::uuid)
    AND (%(of_person)s::bigint IS NULL OR channels.connected_by = %(of_person)s::bigint)
    AND (%(only_id)s::uuid IS NULL OR channels.id = %(only_id)s::uuid)
ORDER BY channels.title, channels.id
LIMIT %(most)s

-- name: list_bot_names
-- The bots that channels can be connected to.
SELECT id, username
FROM bots
WHERE tenant_id = %(tenant_id)s AND state <> 'disconnected'
ORDER BY username

-- name: post_moment
-- When a post is due that is wanted `now`, in an `hour`, or tomorrow in the `morning` at nine in the tenant's zone.
SELECT CASE %(wanted_when)s::text
    WHEN 'hour' THEN now() + interval '1 hour'
    WHEN 'morning' THEN (date_trunc('day', now() AT TIME ZONE %(zone)s) + interval '1 day 9 hours') AT TIME ZONE %(zone)s
    ELSE now()
END

-- name: find_twin
-- When the same picture with the same caption was or will be in this channel, less than a day from a moment.
SELECT to_char(coalesce(outbox.finished_at, outbox.due_at) AT TIME ZONE %(zone)s, 'YYYY-MM-DD HH24:MI')
FROM channel_posts
JOIN outbox ON outbox.tenant_id = channel_posts.tenant_id AND outbox.id = channel_posts.outbox_id
LEFT JOIN outbox AS change ON change.tenant_id = channel_posts.tenant_id AND change.id = channel_posts.change_id
WHERE channel_posts.tenant_id = %(tenant_id)s AND channel_posts.channel_id = %(channel_id)s
    AND channel_posts.sha256 = %(sha256)s AND channel_posts.caption = %(caption)s
    AND (outbox.state NOT IN ('cancelled', 'failed') OR outbox.error_code = %(gone)s)
    AND NOT (coalesce(change.method, '') = 'deleteMessage' AND change.state IN ('waiting', 'leased', 'sent'))
    AND abs(extract(epoch FROM coalesce(outbox.finished_at, outbox.due_at) - %(due_at)s::timestamptz)) < 24 * 3600
ORDER BY coalesce(outbox.finished_at, outbox.due_at) DESC
LIMIT 1

-- name: add_post
-- A post and the message that makes it.
INSERT INTO channel_posts (tenant_id, id, channel_id, author, code, object_key, sha256, media_type, caption, outbox_id)
VALUES (%(tenant_id)s, %(id)s, %(channel_id)s, %(author)s, %(code)s, %(object_key)s, %(sha256)s, %(media_type)s,
    %(caption)s, %(outbox_id)s)

-- name: change_post
-- A post's new caption, with the message that makes it anew or the call that changes or deletes what was sent.
UPDATE channel_posts
SET caption = %(caption)s, outbox_id = %(outbox_id)s, change_id = %(change_id)s, revision = revision + 1
WHERE tenant_id = %(tenant_id)s AND id = %(id)s

-- name: list_posts
-- Posts with what the outbox knows of each, newest first: a page, those of one channel, or one.
SELECT channel_posts.id, channel_posts.channel_id, channels.title, channels.username, channels.chat_id,
    channels.connected_by, channels.bot_id, channel_posts.author, channel_posts.code, channel_posts.object_key,
    channel_posts.sha256, channel_posts.media_type, channel_posts.caption, channel_posts.revision,
    channel_posts.outbox_id, channel_posts.change_id, channel_posts.created_at, outbox.state, outbox.due_at,
    outbox.due_at > now() AS is_ahead, outbox.intent_at IS NOT NULL AS is_called, outbox.error_code, outbox.error_text,
    outbox.message_id, outbox.finished_at, change.method AS change_method, change.state AS change_state,
    change.error_text AS change_error,
    to_char(outbox.due_at AT TIME ZONE %(zone)s, 'YYYY-MM-DD HH24:MI') AS due_local,
    outbox.finished_at < now() - interval '48 hours' AS is_old
FROM channel_posts
JOIN channels ON channels.tenant_id = channel_posts.tenant_id AND channels.id = channel_posts.channel_id
JOIN outbox ON outbox.tenant_id = channel_posts.tenant_id AND outbox.id = channel_posts.outbox_id
LEFT JOIN outbox AS change ON change.tenant_id = channel_posts.tenant_id AND change.id = channel_posts.change_id
WHERE channel_posts.tenant_id = %(tenant_id)s
    AND (%(only_id)s::uuid IS NULL OR channel_posts.id = %(only_id)s::uuid)
    AND (%(of_channel)s::uuid IS NULL OR channel_posts.channel_id = %(of_channel)s::uuid)
    AND (%(after_created)s::timestamptz IS NULL
        OR (channel_posts.created_at, channel_posts.id) < (%(after_created)s::timestamptz, %(after_post)s::uuid))
ORDER BY channel_posts.created_at DESC, channel_posts.id DESC
LIMIT %(most)s

-- name: titles_of_channels
-- What channels are called, by bot and chat.
SELECT bot_id, chat_id, title
FROM channels
WHERE tenant_id = %(tenant_id)s AND chat_id = ANY(%(chats)s)

-- name: calls_of_posts
-- Of these messages, those that posts still stand for: the message itself, and its latest change.
SELECT outbox_id, change_id
FROM channel_posts
WHERE tenant_id = %(tenant_id)s AND (outbox_id = ANY(%(ids)s) OR change_id = ANY(%(ids)s))

-- name: page_of_parked
-- Updates that were set aside after their third failure, newest first.
SELECT bot_id, update_id, payload, attempts, last_error, received_at,
    received_at < now() - %(fresh_s)s * interval '1 second' AS is_stale
FROM telegram_updates
WHERE tenant_id = %(tenant_id)s AND state = 'parked'
    AND (%(of_bot)s::uuid IS NULL OR bot_id = %(of_bot)s::uuid)
    AND (%(before_at)s::timestamptz IS NULL
        OR (received_at, bot_id, update_id) < (%(before_at)s::timestamptz, %(before_bot)s::uuid, %(before_update)s))
ORDER BY received_at DESC, bot_id DESC, update_id DESC
LIMIT %(most)s

-- name: count_parked
-- How many updates of each bot were set aside; counted up to a limit.
SELECT bot_id, count(*) AS number
FROM (
    SELECT bot_id
    FROM telegram_updates
    WHERE tenant_id = %(tenant_id)s AND state = 'parked'
    LIMIT %(most)s
) AS counted
GROUP BY bot_id

-- name: retry_update
-- Hands an update that was set aside to the next tick, with all its tries, unless nobody expects an answer any more.
UPDATE telegram_updates
SET state = 'waiting', attempts = 0, lease_until = now(), lease_token = NULL, finished_at = NULL
WHERE tenant_id = %(tenant_id)s AND bot_id = %(bot_id)s AND update_id = %(update_id)s AND state = 'parked'
    AND received_at >= now() - %(fresh_s)s * interval '1 second'
