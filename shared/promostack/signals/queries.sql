-- name: store_bars
-- scope: global, because there is one market for all. Keeps closed bars as they were first told.
INSERT INTO bars (symbol, bar_interval, opened_at, open, high, low, close)
SELECT %(symbol)s, %(bar_interval)s, unnest(%(stamps)s::timestamptz[]), unnest(%(opens)s::numeric[]),
    unnest(%(highs)s::numeric[]), unnest(%(lows)s::numeric[]), unnest(%(closes)s::numeric[])
ON CONFLICT DO NOTHING

-- name: note_revisions
-- scope: global, because there is one market for all. Keeps what the feed now says of bars that are stored otherwise.
INSERT INTO bar_revisions (symbol, bar_interval, opened_at, open, high, low, close)
SELECT %(symbol)s, %(bar_interval)s, unnest(%(stamps)s::timestamptz[]), unnest(%(opens)s::numeric[]),
    unnest(%(highs)s::numeric[]), unnest(%(lows)s::numeric[]), unnest(%(closes)s::numeric[])
ON CONFLICT DO NOTHING

-- name: hold_bars
-- scope: global, because there is one market for all. One at a time stores what the feed said of a symbol; why it is paused.
SELECT pause_code
FROM feeds
WHERE symbol = %(symbol)s
FOR UPDATE

-- name: load_bars
-- scope: global, because there is one market for all. The newest bars before a moment as columns, oldest first.
SELECT array_agg(stamp ORDER BY stamp) AS stamps, array_agg(open ORDER BY stamp) AS opens,
    array_agg(high ORDER BY stamp) AS highs, array_agg(low ORDER BY stamp) AS lows,
    array_agg(close ORDER BY stamp) AS closes
FROM (
    SELECT date_part('epoch', opened_at)::bigint AS stamp, open::float8 AS open, high::float8 AS high,
        low::float8 AS low, close::float8 AS close
    FROM bars
    WHERE symbol = %(symbol)s AND bar_interval = %(bar_interval)s AND opened_at < %(before)s AND opened_at >= %(since)s
    ORDER BY opened_at DESC
    LIMIT %(most)s
) AS newest

-- name: count_bars
-- scope: global, because there is one market for all. How many bars are stored between two of them.
SELECT count(*)
FROM bars
WHERE symbol = %(symbol)s AND bar_interval = %(bar_interval)s AND opened_at BETWEEN %(first)s AND %(last)s

-- name: newest_bar
-- scope: global, because there is one market for all. When the newest stored bar opened, or NULL.
SELECT max(opened_at)
FROM bars
WHERE symbol = %(symbol)s AND bar_interval = %(bar_interval)s

-- name: take_scan_credit
-- scope: global, because the key is the platform's. Counts a credit for a question about closed bars before it is asked.
UPDATE feeds
SET credits = CASE WHEN credits_day = %(credits_day)s THEN credits ELSE 0 END + 1, credits_day = %(credits_day)s, asked_at = %(now)s,
    scan_asked_for = %(wanted_at)s
WHERE symbol = %(symbol)s AND (paused_until IS NULL OR paused_until <= %(now)s)
    AND (asked_at <= %(not_since)s OR asked_at > %(now)s)
    AND CASE WHEN credits_day = %(credits_day)s THEN credits ELSE 0 END
        < CASE WHEN scan_asked_for < %(wanted_at)s THEN %(most)s ELSE %(most_again)s END
RETURNING credits

-- name: take_watch_credit
-- scope: global, because the key is the platform's. The same for shorter bars while a signal is open: each once, or again.
UPDATE feeds
SET credits = CASE WHEN credits_day = %(credits_day)s THEN credits ELSE 0 END + 1, credits_day = %(credits_day)s,
    watch_asked_for = %(wanted_at)s
WHERE symbol = %(symbol)s AND (paused_until IS NULL OR paused_until <= %(now)s)
    AND (watch_asked_for < %(wanted_at)s OR (%(is_again)s AND (asked_at <= %(not_since)s OR asked_at > %(now)s)))
    AND CASE WHEN credits_day = %(credits_day)s THEN credits ELSE 0 END < %(most_again)s
RETURNING credits

-- name: pause_feed
-- scope: global, because the key is the platform's. No question before that moment.
UPDATE feeds
SET paused_until = %(paused_until)s, pause_code = %(pause_code)s, pause_text = %(pause_text)s
WHERE symbol = %(symbol)s

-- name: resume_feed
-- scope: global, because the key is the platform's. The feed answers again.
UPDATE feeds
SET paused_until = NULL, pause_code = NULL, pause_text = NULL
WHERE symbol = %(symbol)s AND pause_code IS NOT NULL

-- name: find_feed
-- scope: global, because the key is the platform's. How the feed stands.
SELECT symbol, credits_day, credits, asked_at, paused_until, pause_code, pause_text
FROM feeds
WHERE symbol = %(symbol)s

-- name: tenants_with_signals
-- scope: global, because one scan serves all. Tenants whose signals are on or not yet ended.
SELECT tenant_id
FROM router_tenants_with_signals()
ORDER BY tenant_id

-- name: hold_signals
-- One at a time changes a tenant's signals and appends to its record.
SELECT pg_advisory_xact_lock(hashtextextended(%(tenant_id)s::text, 38))

-- name: find_settings
-- What a tenant chose, with the channel and its bot.
SELECT s.channel_id, s.strategy, s.params, s.queued, s.active_since, s.paused_until, s.rails, c.bot_id, c.chat_id,
    c.title, c.broken
FROM signal_settings AS s
LEFT JOIN channels AS c ON c.tenant_id = s.tenant_id AND c.id = s.channel_id
WHERE s.tenant_id = %(tenant_id)s

-- name: save_settings
-- Keeps what a tenant chose.
INSERT INTO signal_settings AS kept (tenant_id, channel_id, strategy, params, queued, active_since, paused_until, rails)
VALUES (%(tenant_id)s, %(channel_id)s, %(strategy)s, %(params)s, %(queued)s, %(active_since)s, %(paused_until)s,
    %(rails)s)
ON CONFLICT (tenant_id) DO UPDATE
SET channel_id = excluded.channel_id, strategy = excluded.strategy, params = excluded.params,
    queued = excluded.queued, active_since = excluded.active_since, paused_until = excluded.paused_until,
    rails = excluded.rails
WHERE kept.tenant_id = %(tenant_id)s

-- name: list_evaluated
-- Closing times of bars that a strategy has evaluated since a moment.
SELECT bar_closed_at
FROM signal_evaluations
WHERE tenant_id = %(tenant_id)s AND symbol = %(symbol)s AND bar_interval = %(bar_interval)s
    AND fingerprint = %(fingerprint)s AND bar_closed_at >= %(since)s

-- name: add_evaluation
-- What a strategy made of a bar, once for all.
INSERT INTO signal_evaluations (tenant_id, symbol, bar_interval, fingerprint, bar_closed_at, strategy, fate, reason,
    evaluated_at)
VALUES (%(tenant_id)s, %(symbol)s, %(bar_interval)s, %(fingerprint)s, %(bar_closed_at)s, %(strategy)s, %(fate)s,
    %(reason)s, %(evaluated_at)s)
ON CONFLICT DO NOTHING

-- name: add_signal
-- A plan that passed the checks.
INSERT INTO signals (tenant_id, id, symbol, strategy, fingerprint, bar_interval, bar_closed_at, plan, terms, costs,
    readings, state, reason, bot_id, chat_id, outbox_id)
VALUES (%(tenant_id)s, %(id)s, %(symbol)s, %(strategy)s, %(fingerprint)s, %(bar_interval)s, %(bar_closed_at)s,
    %(plan)s, %(terms)s, %(costs)s, %(readings)s, %(state)s, %(reason)s, %(bot_id)s, %(chat_id)s, %(outbox_id)s)
ON CONFLICT DO NOTHING

-- name: list_living
-- Signals that have not ended, the oldest first, with what became of their message.
SELECT g.id, g.symbol, g.strategy, g.fingerprint, g.bar_interval, g.bar_closed_at, g.plan, g.terms, g.costs,
    g.readings, g.position, g.state, g.bot_id, g.chat_id, g.outbox_id, g.message_id, g.published_at, g.closed_at,
    g.told, g.last_told_at, g.edits, g.line, o.state AS sending, o.message_id AS sent_as, o.finished_at AS sent_at,
    o.error_code
FROM signals AS g
LEFT JOIN outbox AS o ON o.tenant_id = g.tenant_id AND o.id = g.outbox_id
WHERE g.tenant_id = %(tenant_id)s AND g.state IN ('draft', 'open')
ORDER BY g.bar_closed_at, g.id

-- name: list_untold
-- Signals that ended since a moment and whose end nobody was told yet.
SELECT g.id, g.symbol, g.strategy, g.fingerprint, g.bar_interval, g.bar_closed_at, g.plan, g.terms, g.costs,
    g.readings, g.position, g.state, g.bot_id, g.chat_id, g.outbox_id, g.message_id, g.published_at, g.closed_at,
    g.told, g.last_told_at, g.edits, g.line
FROM signals AS g
WHERE g.tenant_id = %(tenant_id)s AND g.state = 'closed' AND g.closed_at >= %(since)s
    AND NOT g.told @> ARRAY[g.position ->> 'outcome']
ORDER BY g.closed_at, g.id

-- name: save_signal
-- How far a signal has come.
UPDATE signals
SET state = %(state)s, reason = %(reason)s, position = %(position)s, message_id = %(message_id)s,
    published_at = %(published_at)s, closed_at = %(closed_at)s, told = %(told)s, last_told_at = %(last_told_at)s,
    edits = %(edits)s
WHERE tenant_id = %(tenant_id)s AND id = %(id)s

-- name: set_message
-- Which row of the outbox carries a signal's message.
UPDATE signals
SET outbox_id = %(outbox_id)s
WHERE tenant_id = %(tenant_id)s AND id = %(id)s

-- name: list_closed
-- Signals that closed since a moment, the oldest first.
SELECT id, plan, terms, costs, position, published_at, closed_at
FROM signals
WHERE tenant_id = %(tenant_id)s AND state = 'closed' AND closed_at >= %(since)s
ORDER BY closed_at, id

-- name: add_event
-- Something that happened to a signal.
INSERT INTO signal_events (tenant_id, signal_id, seq, kind, name, happened_at, price)
SELECT %(tenant_id)s, %(signal_id)s, coalesce(max(seq), 0) + 1, %(kind)s, %(name)s, %(happened_at)s, %(price)s
FROM signal_events
WHERE tenant_id = %(tenant_id)s AND signal_id = %(signal_id)s

-- name: list_events
-- A signal's events, in the order in which they happened.
SELECT kind, name, happened_at, price
FROM signal_events
WHERE tenant_id = %(tenant_id)s AND signal_id = %(signal_id)s
ORDER BY seq

-- name: last_row
-- The head of a tenant's record.
SELECT seq, appended_at, kind, body, prev, hash
FROM signal_ledger
WHERE tenant_id = %(tenant_id)s
ORDER BY seq DESC
LIMIT 1

-- name: append_row
-- The next row of a tenant's record; a row that does not follow the last one breaks a key.
INSERT INTO signal_ledger (tenant_id, seq, appended_at, kind, body, prev, hash)
VALUES (%(tenant_id)s, %(seq)s, %(appended_at)s, %(kind)s, %(body)s, %(prev)s, %(hash)s)

-- name: list_rows
-- A tenant's record after a row, in order.
SELECT seq, appended_at, kind, body, prev, hash
FROM signal_ledger
WHERE tenant_id = %(tenant_id)s AND seq > %(after_number)s
ORDER BY seq
LIMIT %(most)s

-- name: claim_recap
-- A recap is made once.
INSERT INTO signal_recaps (tenant_id, period, first_day)
VALUES (%(tenant_id)s, %(period)s, %(first_day)s)
ON CONFLICT DO NOTHING

-- name: find_owner_chat
-- Where whoever connected the signals' channel talks with its bot.
SELECT v.chat_id
FROM channels AS c
JOIN conversations AS v ON v.tenant_id = c.tenant_id AND v.bot_id = c.bot_id AND v.user_id = c.connected_by
WHERE c.tenant_id = %(tenant_id)s AND c.id = %(channel_id)s AND v.blocked_at IS NULL

-- name: stale_drafts
-- Messages of signals that have waited for longer than one of their bars.
SELECT outbox_id
FROM signals
WHERE tenant_id = %(tenant_id)s AND state = 'draft' AND outbox_id IS NOT NULL
    AND bar_closed_at + bar_interval::interval <= %(now)s

-- name: count_living
-- How many of a tenant's signals have not ended, or have and nobody was told yet.
SELECT count(*)
FROM signals
WHERE tenant_id = %(tenant_id)s AND (state IN ('draft', 'open')
    OR (state = 'closed' AND closed_at >= %(since)s AND NOT told @> ARRAY[position ->> 'outcome']))

-- name: list_signals
-- A tenant's signals, the newest first, of one state, one strategy, or one outcome.
SELECT g.id, g.symbol, g.strategy, g.fingerprint, g.bar_interval, g.bar_closed_at, g.plan, g.terms, g.costs,
    g.readings, g.position, g.state, g.bot_id, g.chat_id, g.outbox_id, g.message_id, g.published_at, g.closed_at,
    g.told, g.last_told_at, g.edits, g.line, g.reason
FROM signals AS g
WHERE g.tenant_id = %(tenant_id)s
    AND (%(wanted_state)s::text IS NULL OR g.state = %(wanted_state)s
        OR (%(wanted_state)s = 'published' AND g.state IN ('open', 'closed')))
    AND (%(wanted_strategy)s::text IS NULL OR g.strategy = %(wanted_strategy)s)
    AND (%(wanted_outcome)s::text IS NULL OR g.position ->> 'outcome' = %(wanted_outcome)s)
    AND (%(before_at)s::timestamptz IS NULL OR (g.bar_closed_at, g.id) < (%(before_at)s, %(before_id)s))
ORDER BY g.bar_closed_at DESC, g.id DESC
LIMIT %(most)s

-- name: find_signal
-- One signal.
SELECT g.id, g.symbol, g.strategy, g.fingerprint, g.bar_interval, g.bar_closed_at, g.plan, g.terms, g.costs,
    g.readings, g.position, g.state, g.bot_id, g.chat_id, g.outbox_id, g.message_id, g.published_at, g.closed_at,
    g.told, g.last_told_at, g.edits, g.line, g.reason
FROM signals AS g
WHERE g.tenant_id = %(tenant_id)s AND g.id = %(signal_id)s

-- name: list_sent
-- A signal's messages, as they were handed over, while the outbox keeps them.
SELECT method, payload -> 'params' ->> 'text' AS text, state, finished_at
FROM outbox
WHERE tenant_id = %(tenant_id)s AND source = %(source)s
ORDER BY id

-- name: list_signal_rows
-- A signal's rows of the record.
SELECT seq, appended_at, kind, body, prev, hash
FROM signal_ledger
WHERE tenant_id = %(tenant_id)s AND body ->> 'signal' = %(signal_id)s
ORDER BY seq

-- name: list_troubles
-- Bars since a moment for which a strategy failed or proposed what no rule allows, the newest first.
SELECT strategy, bar_closed_at, fate, reason
FROM signal_evaluations
WHERE tenant_id = %(tenant_id)s AND fate IN ('failed', 'refused') AND bar_closed_at >= %(since)s
ORDER BY bar_closed_at DESC
LIMIT %(most)s

-- name: baseline_made_at
-- When a tenant's yardstick was made.
SELECT made_at
FROM signal_baselines
WHERE tenant_id = %(tenant_id)s

-- name: keep_baseline
-- A tenant's yardstick, in the place of the one before.
INSERT INTO signal_baselines AS kept (tenant_id, made_at, figures)
VALUES (%(tenant_id)s, %(now)s, %(figures)s)
ON CONFLICT (tenant_id) DO UPDATE
SET made_at = excluded.made_at, figures = excluded.figures
WHERE kept.tenant_id = %(tenant_id)s

-- name: find_baseline
-- A tenant's yardstick.
SELECT made_at, figures
FROM signal_baselines
WHERE tenant_id = %(tenant_id)s
