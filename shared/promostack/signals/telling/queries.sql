-- name: find_telling
-- What a tenant chose of what subscribers read.
SELECT writes_lines, lines_a_day, briefs, free_channel_id, promote_from, promote_to, promote_days
FROM signal_telling
WHERE tenant_id = %(tenant_id)s

-- name: save_telling
-- Keeps what a tenant chose.
INSERT INTO signal_telling AS kept (tenant_id, writes_lines, lines_a_day, briefs, free_channel_id, promote_from, promote_to,
    promote_days)
VALUES (%(tenant_id)s, %(writes_lines)s, %(lines_a_day)s, %(briefs)s, %(free_channel_id)s, %(promote_from)s,
    %(promote_to)s, %(promote_days)s)
ON CONFLICT (tenant_id) DO UPDATE
SET writes_lines = excluded.writes_lines, lines_a_day = excluded.lines_a_day, briefs = excluded.briefs,
    free_channel_id = excluded.free_channel_id, promote_from = excluded.promote_from,
    promote_to = excluded.promote_to, promote_days = excluded.promote_days
WHERE kept.tenant_id = %(tenant_id)s

-- name: find_draft
-- Which signal's first message a row of the outbox carries, while it is a draft.
SELECT id
FROM signals
WHERE tenant_id = %(tenant_id)s AND outbox_id = %(outbox_id)s AND state = 'draft'

-- name: count_line
-- Counts a question of the day before it is asked; no row comes back when the day's are used up.
INSERT INTO signal_line_days AS kept (tenant_id, day, asked)
VALUES (%(tenant_id)s, %(today)s, 1)
ON CONFLICT (tenant_id, day) DO UPDATE
SET asked = kept.asked + 1
WHERE kept.tenant_id = %(tenant_id)s AND kept.asked < %(most_lines)s
RETURNING asked

-- name: lines_asked
-- How many lines were asked for on a day.
SELECT asked
FROM signal_line_days
WHERE tenant_id = %(tenant_id)s AND day = %(today)s

-- name: begin_line
-- A signal's line is asked for, once.
INSERT INTO signal_lines (tenant_id, signal_id, asked_at, outcome, line)
VALUES (%(tenant_id)s, %(signal_id)s, %(now)s, %(outcome)s, %(line)s)
ON CONFLICT DO NOTHING

-- name: end_line
-- What came of it.
UPDATE signal_lines
SET outcome = %(outcome)s, draft = %(draft)s, faults = %(faults)s, line = %(line)s, took_ms = %(took_ms)s
WHERE tenant_id = %(tenant_id)s AND signal_id = %(signal_id)s

-- name: set_line
-- What stands in a signal's message beside the facts.
UPDATE signals
SET line = %(line)s
WHERE tenant_id = %(tenant_id)s AND id = %(signal_id)s AND state = 'draft'

-- name: list_lines
-- Lines that were asked for, the newest first.
SELECT signal_id, asked_at, outcome, draft, faults, line, took_ms
FROM signal_lines
WHERE tenant_id = %(tenant_id)s
    AND (%(before_at)s::timestamptz IS NULL OR (asked_at, signal_id) < (%(before_at)s, %(before_id)s))
ORDER BY asked_at DESC, signal_id DESC
LIMIT %(most)s

-- name: list_uncarded
-- Signals that closed since a moment, whose end was told and whose card was not sent.
SELECT id
FROM signals
WHERE tenant_id = %(tenant_id)s AND state = 'closed' AND closed_at >= %(since)s AND message_id IS NOT NULL
    AND told @> ARRAY[position ->> 'outcome']
    AND NOT EXISTS (
        SELECT FROM signal_cards AS c
        WHERE c.tenant_id = %(tenant_id)s AND c.signal_id = signals.id
    )
ORDER BY closed_at, id

-- name: claim_card
-- A signal's card is sent once.
INSERT INTO signal_cards (tenant_id, signal_id, object_key, sent_at)
VALUES (%(tenant_id)s, %(signal_id)s, %(object_key)s, %(now)s)
ON CONFLICT DO NOTHING

-- name: first_published
-- The first signal that was published in a window.
SELECT id, published_at
FROM signals
WHERE tenant_id = %(tenant_id)s AND published_at >= %(since)s AND published_at < %(until)s
ORDER BY published_at, id
LIMIT 1

-- name: claim_promotion
-- A day's signal is chosen once.
INSERT INTO signal_promotions (tenant_id, day, signal_id, channel_id, chosen_at)
VALUES (%(tenant_id)s, %(today)s, %(signal_id)s, %(channel_id)s, %(now)s)
ON CONFLICT DO NOTHING

-- name: find_promotion
-- A day's signal, or no row.
SELECT signal_id
FROM signal_promotions
WHERE tenant_id = %(tenant_id)s AND day = %(today)s

-- name: list_promotions
-- The latest days' signals, the newest first, with what became of their message.
SELECT p.day, p.signal_id, p.channel_id, p.chosen_at, p.ended_at, o.state AS sending
FROM signal_promotions AS p
LEFT JOIN outbox AS o ON o.tenant_id = p.tenant_id AND o.idempotency_key = 'signals:promo:' || p.day
WHERE p.tenant_id = %(tenant_id)s
ORDER BY p.day DESC
LIMIT %(most)s

-- name: list_unended
-- Shown signals that have closed since a moment, whose end was not told to those they were shown to.
SELECT p.day, p.signal_id, c.bot_id, c.chat_id, o.message_id
FROM signal_promotions AS p
JOIN signals AS g ON g.tenant_id = p.tenant_id AND g.id = p.signal_id
JOIN channels AS c ON c.tenant_id = p.tenant_id AND c.id = p.channel_id
LEFT JOIN outbox AS o ON o.tenant_id = p.tenant_id AND o.idempotency_key = 'signals:promo:' || p.day
WHERE p.tenant_id = %(tenant_id)s AND p.ended_at IS NULL AND g.state = 'closed' AND g.closed_at >= %(since)s
    AND c.broken IS NULL
ORDER BY p.day

-- name: end_promotion
-- The end was told.
UPDATE signal_promotions
SET ended_at = %(now)s
WHERE tenant_id = %(tenant_id)s AND day = %(today)s AND ended_at IS NULL

-- name: find_channel
-- Where a channel is, while its bot may post there.
SELECT bot_id, chat_id
FROM channels
WHERE tenant_id = %(tenant_id)s AND id = %(channel_id)s AND broken IS NULL

-- name: is_recap_made
-- Whether a recap has been made.
SELECT EXISTS (
    SELECT FROM signal_recaps
    WHERE tenant_id = %(tenant_id)s AND period = %(period)s AND first_day = %(first_day)s
)
