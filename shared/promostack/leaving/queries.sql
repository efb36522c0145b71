-- name: list_tables
-- The tables that hold tenants' rows, those that others refer to first.
SELECT name
FROM tenant_tables()

-- name: read_page
-- A page of the rows of this transaction's tenant in one table, as JSON, after the row that `after` is the JSON of.
SELECT line
FROM tenant_page(%(name)s, %(after)s::json, %(most)s)

-- name: find_leaving
-- What becomes of the tenant of this transaction.
SELECT slug, name, state, erase_at
FROM tenants
WHERE tenant_id = %(tenant_id)s

-- name: hold_leaving
-- What becomes of the tenant, held until the transaction ends.
SELECT slug, name, state, state_reason, erase_at
FROM tenants
WHERE tenant_id = %(tenant_id)s
FOR UPDATE

-- name: close
-- Everything stops, and at its time the tenant is deleted.
UPDATE tenants
SET state = 'closing', erase_at = %(erase_at)s
WHERE tenant_id = %(tenant_id)s

-- name: keep
-- The tenant stays after all.
UPDATE tenants
SET state = %(state)s, erase_at = NULL
WHERE tenant_id = %(tenant_id)s

-- name: add_export
-- Asks for an export.
INSERT INTO tenant_exports (tenant_id, id, asked_by, created_at)
VALUES (%(tenant_id)s, %(id)s, %(asked_by)s, %(now)s)

-- name: has_open_export
-- Is an export waiting or being made?
SELECT true
FROM tenant_exports
WHERE tenant_id = %(tenant_id)s AND state IN ('waiting', 'running')
LIMIT 1

-- name: list_exports
-- The newest exports.
SELECT id, state, created_at, rows_done, files_done, files_total, parts, finished_at, expires_at
FROM tenant_exports
WHERE tenant_id = %(tenant_id)s
ORDER BY created_at DESC, id
LIMIT %(most)s

-- name: find_export
-- One export.
SELECT id, state, created_at, rows_done, files_done, files_total, parts, finished_at, expires_at
FROM tenant_exports
WHERE tenant_id = %(tenant_id)s AND id = %(id)s

-- name: take_export
-- The export that waits, or whose maker died, for whoever makes it now.
UPDATE tenant_exports
SET state = 'running', attempts = attempts + 1, lease_token = %(lease_token)s, rows_done = 0, files_done = 0,
    files_total = NULL, lease_until = now() + %(lease_s)s * interval '1 second'
WHERE tenant_id = %(tenant_id)s
    AND (state = 'waiting' OR (state = 'running' AND lease_until < now()))
RETURNING id, attempts

-- name: note_progress
-- How far the export is; touches nothing when another maker has taken it over.
UPDATE tenant_exports
SET rows_done = %(rows_done)s, files_done = %(files_done)s, files_total = %(files_total)s,
    lease_until = now() + %(lease_s)s * interval '1 second'
WHERE tenant_id = %(tenant_id)s AND id = %(id)s AND state = 'running' AND lease_token = %(lease_token)s

-- name: finish_export
-- The export is there; touches nothing when another maker has taken it over.
UPDATE tenant_exports
SET state = 'done', parts = %(parts)s, finished_at = %(now)s, expires_at = %(expires_at)s, lease_token = NULL
WHERE tenant_id = %(tenant_id)s AND id = %(id)s AND state = 'running' AND lease_token = %(lease_token)s

-- name: fail_export
-- The export could not be made, however often it was tried.
UPDATE tenant_exports
SET state = 'failed', finished_at = %(now)s, lease_token = NULL
WHERE tenant_id = %(tenant_id)s AND id = %(id)s AND state = 'running' AND lease_token = %(lease_token)s

-- name: expired_exports
-- Exports whose time is over.
SELECT id
FROM tenant_exports
WHERE tenant_id = %(tenant_id)s AND state = 'done' AND expires_at <= %(now)s

-- name: is_export_running
-- Is an export being made, or was its maker interrupted?
SELECT true
FROM tenant_exports
WHERE tenant_id = %(tenant_id)s AND state = 'running'
LIMIT 1

-- name: end_exports
-- The time of all exports that lie ready is over.
UPDATE tenant_exports
SET expires_at = %(now)s
WHERE tenant_id = %(tenant_id)s AND state = 'done'

-- name: forget_export
-- The files of an export are gone.
UPDATE tenant_exports
SET state = 'expired', parts = '[]'
WHERE tenant_id = %(tenant_id)s AND id = %(id)s AND state = 'done'

-- name: find_due
-- The tenant, when its time has come.
SELECT slug
FROM tenants
WHERE tenant_id = %(tenant_id)s AND state = 'closing' AND erase_at < now()

-- name: find_who_closed
-- Who asked last for the deletion, and when.
SELECT actor, at
FROM audit_log
WHERE tenant_id = %(tenant_id)s AND action = 'tenant.closing'
ORDER BY id DESC
LIMIT 1

-- name: list_bots
-- The tenant's bots.
SELECT id
FROM bots
WHERE tenant_id = %(tenant_id)s
ORDER BY id

-- name: erase_rows
-- Deletes some rows of one table of the tenant of this transaction; the function looks whether its time has come.
SELECT erase_tenant_rows(%(name)s, %(most)s)

-- name: begin_deletion
-- scope: global, because what stays belongs to no tenant. Notes that a deletion has begun.
INSERT INTO tenant_deletions (former_id, asked_by, asked_at)
VALUES (%(former_id)s, %(asked_by)s, %(asked_at)s)
ON CONFLICT (former_id) DO NOTHING

-- name: count_deleted_rows
-- scope: global, because what stays belongs to no tenant. Adds to the number of rows that went, by table.
UPDATE tenant_deletions
SET rows = rows || jsonb_build_object(
    %(name)s::text, coalesce((rows ->> %(name)s::text)::bigint, 0) + %(gone)s::bigint
)
WHERE former_id = %(former_id)s

-- name: count_deleted_files
-- scope: global, because what stays belongs to no tenant. Adds to the number of files that went.
UPDATE tenant_deletions
SET files = files + %(gone)s
WHERE former_id = %(former_id)s

-- name: finish_deletion
-- scope: global, because what stays belongs to no tenant. Notes that nothing is left.
UPDATE tenant_deletions
SET finished_at = %(now)s
WHERE former_id = %(former_id)s

-- name: tenants_leaving
-- scope: global, because the tick looks for all of them; the router's function returns ids only.
SELECT tenant_id
FROM router_tenants_leaving(%(most)s)

-- name: add_erasure
-- Asks that a person be forgotten; whoever is asked for already is not asked for twice.
INSERT INTO person_erasures (tenant_id, id, person, stand_in, asked_by)
VALUES (%(tenant_id)s, %(id)s, %(person)s, %(stand_in)s, %(asked_by)s)
ON CONFLICT (tenant_id, person) DO NOTHING

-- name: find_erasure_of
-- The request to forget that person.
SELECT id, state, asked_at, finished_at
FROM person_erasures
WHERE tenant_id = %(tenant_id)s AND person = %(person)s

-- name: list_erasures
-- The newest requests to forget somebody.
SELECT id, state, asked_at, finished_at
FROM person_erasures
WHERE tenant_id = %(tenant_id)s
ORDER BY asked_at DESC, id
LIMIT %(most)s

-- name: open_erasures
-- People who are to be forgotten.
SELECT id, person, stand_in
FROM person_erasures
WHERE tenant_id = %(tenant_id)s AND state = 'waiting'
ORDER BY asked_at

-- name: drop_conversations
-- What a person and the tenant's bots stand at.
DELETE FROM conversations
WHERE tenant_id = %(tenant_id)s AND (user_id = %(person)s OR chat_id = %(person)s)

-- name: drop_updates
-- Some of what Telegram told of a person, wherever his number stands; what is being answered now is left for later.
DELETE FROM telegram_updates
WHERE tenant_id = %(tenant_id)s
    AND (bot_id, update_id) IN (
        SELECT bot_id, update_id
        FROM telegram_updates
        WHERE tenant_id = %(tenant_id)s
            AND jsonb_path_exists(payload, '$.**.id ? (@ == $person)', jsonb_build_object('person', %(person)s::bigint))
            AND NOT coalesce(state = 'leased' AND lease_until > now(), false)
        LIMIT %(most)s
    )

-- name: drop_messages
-- Some of what was, or is to be, written to a person or about him; what is being sent now is left for later.
DELETE FROM outbox
WHERE tenant_id = %(tenant_id)s
    AND id IN (
        SELECT id
        FROM outbox
        WHERE tenant_id = %(tenant_id)s
            AND (
                chat_id = %(person)s
                OR jsonb_path_exists(payload, '$.** ? (@ == $person)', jsonb_build_object('person', %(person)s::bigint))
            )
            AND NOT coalesce(state = 'leased' AND lease_until > now(), false)
        LIMIT %(most)s
    )

-- name: is_being_written_to
-- Is something on its way to the person just now?
SELECT true
FROM outbox
WHERE tenant_id = %(tenant_id)s AND chat_id = %(person)s
LIMIT 1

-- name: is_being_heard
-- Is something that the person said being answered just now?
SELECT true
FROM telegram_updates
WHERE tenant_id = %(tenant_id)s
    AND jsonb_path_exists(payload, '$.**.id ? (@ == $person)', jsonb_build_object('person', %(person)s::bigint))
LIMIT 1

-- name: drop_chat_limits
-- When a person may be written to again.
DELETE FROM chat_limiters
WHERE tenant_id = %(tenant_id)s AND chat_id = %(person)s

-- name: drop_counts
-- How often a person asked lately.
DELETE FROM rate_limits
WHERE tenant_id = %(tenant_id)s AND actor = ANY(%(actors)s)

-- name: drop_misses
-- The wrong codes that a person tried lately.
DELETE FROM coupon_misses
WHERE tenant_id = %(tenant_id)s AND actor = ANY(%(actors)s)

-- name: anonymise_channels
-- Channels that a person connected are nobody's from now on.
UPDATE channels
SET connected_by = %(stand_in)s
WHERE tenant_id = %(tenant_id)s AND connected_by = %(person)s

-- name: anonymise_posts
-- What a person posted in channels was posted by nobody.
UPDATE channel_posts
SET author = %(nobody)s
WHERE tenant_id = %(tenant_id)s AND author = %(author)s

-- name: anonymise_events
-- Some of a person's steps become nobody's; the function looks whether he is to be erased.
SELECT erase_person_events(%(person)s, %(most)s)

-- name: finish_erasure
-- Nothing is left of the person, his number included.
UPDATE person_erasures
SET state = 'done', person = NULL, finished_at = %(now)s
WHERE tenant_id = %(tenant_id)s AND id = %(id)s
