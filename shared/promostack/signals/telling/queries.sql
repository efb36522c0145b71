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
