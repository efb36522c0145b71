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
-- scope: global, because the key is the platform's. The same for shorter bars while a signal is open: each once.
UPDATE feeds
SET credits = CASE WHEN credits_day = %(credits_day)s THEN credits ELSE 0 END + 1, credits_day = %(credits_day)s, asked_at = %(now)s,
    watch_asked_for = %(wanted_at)s
WHERE symbol = %(symbol)s AND (paused_until IS NULL OR paused_until <= %(now)s) AND watch_asked_for < %(wanted_at)s
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
