-- name: record_event
-- One line of the usage log.
INSERT INTO usage_events (tenant_id, kind, bot_id, chat_id, user_id, data)
VALUES (%(tenant_id)s, %(kind)s, %(bot_id)s, %(chat_id)s, %(user_id)s, %(data)s)

-- name: summarise
-- The period's totals.
SELECT
    count(*) FILTER (WHERE kind = 'rendered') AS generations,
    count(DISTINCT user_id) FILTER (WHERE is_own_act(kind)) AS users,
    count(*) FILTER (WHERE kind = 'render_failed') AS failed,
    count(*) FILTER (WHERE kind = 'code_valid') AS valid,
    count(*) FILTER (WHERE kind = 'code_invalid') AS invalid,
    count(*) FILTER (WHERE kind = 'code_unknown') AS unknown,
    count(*) FILTER (WHERE kind = 'file_sent') AS files
FROM usage_events
WHERE tenant_id = %(tenant_id)s
    AND at >= %(since)s
    AND at < %(until)s
    AND (%(bot_id)s::uuid IS NULL OR bot_id = %(bot_id)s)

-- name: count_by_time
-- Totals of each hour or day in the zone; those without any event are left out.
SELECT
    date_trunc(%(unit)s, at, %(zone)s) AS bucket,
    count(*) FILTER (WHERE kind = 'rendered') AS generations,
    count(DISTINCT user_id) FILTER (WHERE is_own_act(kind)) AS users,
    count(*) FILTER (WHERE kind = 'render_failed') AS failed
FROM usage_events
WHERE tenant_id = %(tenant_id)s
    AND at >= %(since)s
    AND at < %(until)s
    AND (%(bot_id)s::uuid IS NULL OR bot_id = %(bot_id)s)
GROUP BY 1
ORDER BY 1

-- name: count_by_weekday
-- Pictures by day of the week (1 is Monday) and hour of the day in the zone.
SELECT
    extract(isodow FROM at AT TIME ZONE %(zone)s)::integer AS weekday,
    extract(hour FROM at AT TIME ZONE %(zone)s)::integer AS hour,
    count(*) AS generations
FROM usage_events
WHERE tenant_id = %(tenant_id)s
    AND kind = 'rendered'
    AND at >= %(since)s
    AND at < %(until)s
    AND (%(bot_id)s::uuid IS NULL OR bot_id = %(bot_id)s)
GROUP BY 1, 2

-- name: count_by_dimension
-- Pictures by template, format or code, the most frequent first.
SELECT data ->> %(dimension)s AS name, count(*) AS generations, count(DISTINCT user_id) AS users
FROM usage_events
WHERE tenant_id = %(tenant_id)s
    AND kind = 'rendered'
    AND at >= %(since)s
    AND at < %(until)s
    AND (%(bot_id)s::uuid IS NULL OR bot_id = %(bot_id)s)
    AND data ->> %(dimension)s IS NOT NULL
GROUP BY 1
ORDER BY generations DESC, name
LIMIT %(most)s

-- name: count_failures
-- Pictures that were not made, by reason.
SELECT coalesce(data ->> 'error', 'other') AS error, count(*) AS times
FROM usage_events
WHERE tenant_id = %(tenant_id)s
    AND kind = 'render_failed'
    AND at >= %(since)s
    AND at < %(until)s
    AND (%(bot_id)s::uuid IS NULL OR bot_id = %(bot_id)s)
GROUP BY 1
ORDER BY times DESC, error

-- name: count_bad_codes
-- Codes that were refused or could not be checked, the most frequent first.
SELECT
    data ->> 'code' AS code,
    replace(kind, 'code_', '') AS outcome,
    count(*) AS times,
    count(DISTINCT user_id) AS users,
    max(at) AS last_at
FROM usage_events
WHERE tenant_id = %(tenant_id)s
    AND kind IN ('code_invalid', 'code_unknown')
    AND at >= %(since)s
    AND at < %(until)s
    AND (%(bot_id)s::uuid IS NULL OR bot_id = %(bot_id)s)
    AND data ->> 'code' IS NOT NULL
GROUP BY 1, 2
ORDER BY times DESC, code, outcome
LIMIT %(most)s

-- name: count_returning
-- Of the people first seen in the period for whom the day is over, those who were seen again on that very day.
WITH first_seen AS (
    SELECT user_id, (min(first_seen_at) AT TIME ZONE %(zone)s)::date AS first_day
    FROM people_seen AS person
    WHERE tenant_id = %(tenant_id)s
        AND first_seen_at >= %(since)s
        AND first_seen_at < %(until)s
        AND (%(bot_id)s::uuid IS NULL OR bot_id = %(bot_id)s)
        AND (%(bot_id)s::uuid IS NOT NULL OR NOT EXISTS (
            SELECT
            FROM people_seen AS earlier
            WHERE earlier.tenant_id = %(tenant_id)s
                AND earlier.user_id = person.user_id
                AND earlier.first_seen_at < %(since)s
        ))
    GROUP BY user_id
)
SELECT
    wanted.day,
    count(*) AS people,
    count(*) FILTER (WHERE EXISTS (
        SELECT
        FROM usage_events AS again
        WHERE again.tenant_id = %(tenant_id)s
            AND again.user_id = first_seen.user_id
            AND is_own_act(again.kind)
            AND (%(bot_id)s::uuid IS NULL OR again.bot_id = %(bot_id)s)
            AND again.at >= (first_seen.first_day + wanted.day)::timestamp AT TIME ZONE %(zone)s
            AND again.at < (first_seen.first_day + wanted.day + 1)::timestamp AT TIME ZONE %(zone)s
    )) AS returned
FROM first_seen
CROSS JOIN unnest(%(days)s::integer[]) AS wanted (day)
WHERE (first_seen.first_day + wanted.day + 1)::timestamp AT TIME ZONE %(zone)s <= %(now)s
GROUP BY wanted.day
ORDER BY wanted.day

-- name: count_funnel
-- Of the people first seen in the period, how many came how far within it; each step counts those who took all before it.
WITH new_people AS (
    SELECT
        user_id,
        bool_or(kind IN ('code_valid', 'code_invalid', 'code_unknown', 'code_malformed', 'gallery_empty',
            'inline_offered')) AS has_asked,
        bool_or(kind IN ('code_valid', 'gallery_empty', 'inline_offered')) AS has_valid,
        bool_or(kind = 'rendered') AS has_picture,
        bool_or(kind IN ('file_sent', 'qr_sent', 'posted')) AS has_taken
    FROM usage_events AS event
    WHERE tenant_id = %(tenant_id)s
        AND is_own_act(kind)
        AND at >= %(since)s
        AND at < %(until)s
        AND (%(bot_id)s::uuid IS NULL OR bot_id = %(bot_id)s)
        AND EXISTS (
            SELECT
            FROM people_seen AS person
            WHERE person.tenant_id = %(tenant_id)s
                AND person.user_id = event.user_id
                AND (%(bot_id)s::uuid IS NULL OR person.bot_id = %(bot_id)s)
            HAVING min(first_seen_at) >= %(since)s
        )
    GROUP BY user_id
)
SELECT
    count(*) AS met,
    count(*) FILTER (WHERE has_asked) AS asked,
    count(*) FILTER (WHERE has_asked AND has_valid) AS valid,
    count(*) FILTER (WHERE has_asked AND has_valid AND has_picture) AS pictured,
    count(*) FILTER (WHERE has_asked AND has_valid AND has_picture AND has_taken) AS taken
FROM new_people

-- name: list_people
-- Who used the bots in the period, most pictures first.
SELECT
    user_id,
    count(*) FILTER (WHERE kind = 'rendered') AS generations,
    count(*) AS steps,
    max(at) AS last_at
FROM usage_events
WHERE tenant_id = %(tenant_id)s
    AND user_id IS NOT NULL
    AND is_own_act(kind)
    AND at >= %(since)s
    AND at < %(until)s
    AND (%(bot_id)s::uuid IS NULL OR bot_id = %(bot_id)s)
GROUP BY user_id
ORDER BY generations DESC, steps DESC, user_id
LIMIT %(most)s

-- name: list_bot_names
-- The tenant's bots, by name.
SELECT id::text, username
FROM bots
WHERE tenant_id = %(tenant_id)s
ORDER BY username, id

-- name: list_steps
-- What one person did, the latest first, before a given event.
SELECT id, at, kind, data ->> 'template' AS template, data ->> 'format' AS format, data ->> 'code' AS code,
    data ->> 'error' AS error, (data ->> 'ms')::integer AS ms
FROM usage_events
WHERE tenant_id = %(tenant_id)s
    AND user_id = %(user_id)s
    AND (%(before)s::bigint IS NULL OR id < %(before)s)
ORDER BY id DESC
LIMIT %(most)s

-- name: count_messages
-- What the tenant's bots sent since a moment, what did not go out, and what waits now.
SELECT
    (
        SELECT count(*) FROM outbox
        WHERE tenant_id = %(tenant_id)s AND finished_at >= %(since)s AND state = 'sent'
    ) AS sent,
    (SELECT count(*) FROM outbox WHERE tenant_id = %(tenant_id)s AND state IN ('failed', 'ambiguous')) AS failed,
    (SELECT count(*) FROM outbox WHERE tenant_id = %(tenant_id)s AND state IN ('waiting', 'leased')) AS waiting,
    (SELECT min(due_at) FROM outbox WHERE tenant_id = %(tenant_id)s AND state = 'waiting') AS waiting_since

-- name: count_updates
-- What Telegram handed in since a moment, and of all of it what waits for its answer or was set aside.
SELECT count(*) FILTER (WHERE received_at >= %(since)s) AS received,
    count(*) FILTER (WHERE state IN ('waiting', 'leased')) AS waiting,
    count(*) FILTER (WHERE state = 'parked') AS parked
FROM telegram_updates
WHERE tenant_id = %(tenant_id)s

-- name: count_use
-- Pictures made, and people who did anything, since a moment.
SELECT count(*) FILTER (WHERE kind = 'rendered') AS pictures,
    count(DISTINCT user_id) AS people
FROM usage_events
WHERE tenant_id = %(tenant_id)s AND at >= %(since)s

-- name: find_last_activity
-- When a customer last used the tenant's bots, and when its own people last changed something.
SELECT
    (SELECT max(at) FROM usage_events WHERE tenant_id = %(tenant_id)s) AS used_at,
    (
        SELECT max(at) FROM audit_log
        WHERE tenant_id = %(tenant_id)s AND actor NOT LIKE 'admin:%%' AND actor <> 'system'
    ) AS changed_at

-- name: measure_storage
-- The files that the tenant's rows name, and their bytes: pictures, uploads as they were sent, archives of exports.
SELECT
    pictures.files AS picture_files, pictures.bytes AS picture_bytes,
    sent.files AS upload_files, sent.bytes AS upload_bytes,
    archives.files AS archive_files, archives.bytes AS archive_bytes
FROM (
    SELECT count(*) AS files, coalesce(sum(bytes), 0)::bigint AS bytes
    FROM (SELECT DISTINCT object_key, bytes FROM renders WHERE tenant_id = %(tenant_id)s) AS objects
) AS pictures
CROSS JOIN (
    SELECT count(*) AS files, coalesce(sum(bytes), 0)::bigint AS bytes
    FROM uploads
    WHERE tenant_id = %(tenant_id)s AND state = 'done'
) AS sent
CROSS JOIN (
    SELECT count(*) AS files, coalesce(sum((part ->> 'bytes')::bigint), 0)::bigint AS bytes
    FROM tenant_exports
    CROSS JOIN jsonb_array_elements(parts) AS part
    WHERE tenant_id = %(tenant_id)s AND state = 'done'
) AS archives
