-- name: count_try
-- scope: global, because nobody is signed in yet. Counts a password try in its window of fifteen minutes.
INSERT INTO login_tries AS known (actor, window_ends_at, tries)
VALUES (%(actor)s, %(now)s + %(window_s)s * interval '1 second', 1)
ON CONFLICT (actor) DO UPDATE
SET tries = CASE WHEN known.window_ends_at <= %(now)s THEN 1 ELSE known.tries + 1 END,
    window_ends_at = CASE WHEN known.window_ends_at <= %(now)s THEN excluded.window_ends_at ELSE known.window_ends_at END
RETURNING tries, window_ends_at

-- name: forget_tries
-- scope: global, because it follows a sign-in to no tenant. A right password ends the count.
DELETE FROM login_tries
WHERE actor = ANY(%(actors)s)

-- name: admin_epoch
-- scope: global, because admin sessions belong to the platform. Sessions signed in another epoch are over.
SELECT epoch
FROM admin_epoch

-- name: raise_admin_epoch
-- scope: global, because admin sessions belong to the platform. Ends all of them.
UPDATE admin_epoch
SET epoch = epoch + 1
RETURNING epoch

-- name: record_failure
-- scope: global, because a refused caller has no tenant. One row a minute, reason and caller, counted up.
INSERT INTO auth_failures AS known (minute, reason, function, host, actor, request_id)
VALUES (date_trunc('minute', now()), %(reason)s, %(function)s, %(host)s, %(actor)s, %(request_id)s)
ON CONFLICT (minute, reason, function, host, actor) DO UPDATE
SET times = known.times + 1, request_id = excluded.request_id

-- name: list_failures
-- scope: global, because a refused caller has no tenant. A page of refusals, newest first, after the one named.
SELECT minute AS at, reason, function, host, actor, times, request_id
FROM auth_failures
WHERE (%(wanted)s::text IS NULL OR reason = %(wanted)s)
    AND (
        %(at)s::timestamptz IS NULL
        OR (minute, reason, function, host, actor) < (%(at)s, %(reason)s, %(function)s, %(host)s, %(actor)s)
    )
ORDER BY minute DESC, reason DESC, function DESC, host DESC, actor DESC
LIMIT %(most)s

-- name: drop_ended_tries
-- scope: global, because nobody was signed in. Counts that hold nobody back any more, some at a time.
DELETE FROM login_tries
WHERE actor IN (
    SELECT actor
    FROM login_tries
    WHERE window_ends_at < %(now)s
    LIMIT %(most)s
    FOR UPDATE SKIP LOCKED
)

-- name: drop_old_failures
-- scope: global, because a refused caller has no tenant. The oldest records, some at a time.
DELETE FROM auth_failures
WHERE ctid IN (
    SELECT ctid
    FROM auth_failures
    WHERE minute < %(before)s
    ORDER BY minute
    LIMIT %(most)s
    FOR UPDATE SKIP LOCKED
)
