-- name: find_check
-- A recent answer about a code, if there is one, and how many distinct wrong codes the actor tried since (up to `most`).
SELECT known.status, known.reason, known.valid_until, guesses.misses, guesses.oldest_at
FROM (
    SELECT count(*) AS misses, min(missed_at) AS oldest_at
    FROM (
        SELECT missed_at
        FROM coupon_misses
        WHERE tenant_id = %(tenant_id)s
            AND actor = %(actor)s
            AND missed_at > %(since)s
        ORDER BY missed_at DESC
        LIMIT %(most)s
    ) AS newest
) AS guesses
LEFT JOIN coupon_checks AS known
    ON known.tenant_id = %(tenant_id)s
    AND known.code = %(code)s
    AND known.expires_at > %(now)s

-- name: store_check
-- Keeps an answer until it expires; the later answer wins.
INSERT INTO coupon_checks AS known (tenant_id, code, status, reason, valid_until, checked_at, expires_at)
VALUES (%(tenant_id)s, %(code)s, %(status)s, %(reason)s, %(valid_until)s, %(now)s, %(expires_at)s)
ON CONFLICT (tenant_id, code) DO UPDATE
SET status = EXCLUDED.status,
    reason = EXCLUDED.reason,
    valid_until = EXCLUDED.valid_until,
    checked_at = EXCLUDED.checked_at,
    expires_at = EXCLUDED.expires_at
WHERE known.checked_at <= EXCLUDED.checked_at

-- name: record_miss
-- Remembers a wrong code of the actor; the same code again is the same miss.
INSERT INTO coupon_misses (tenant_id, actor, code, missed_at)
VALUES (%(tenant_id)s, %(actor)s, %(code)s, %(now)s)
ON CONFLICT (tenant_id, actor, code) DO UPDATE
SET missed_at = EXCLUDED.missed_at

-- name: find_breaker
-- The state of a provider's circuit breaker.
SELECT opened_at
FROM coupon_breakers
WHERE tenant_id = %(tenant_id)s
    AND provider = %(provider)s

-- name: take_probe
-- Gives the half-open breaker's one probe to the caller, unless another has it.
UPDATE coupon_breakers
SET probe_until = %(probe_until)s
WHERE tenant_id = %(tenant_id)s
    AND provider = %(provider)s
    AND opened_at <= %(opened_before)s
    AND (probe_until IS NULL OR probe_until <= %(now)s)

-- name: record_failure
-- Adds a failure; the breaker opens when there are enough within the window, and again when its probe failed.
INSERT INTO coupon_breakers AS known (tenant_id, provider, failed_at, opened_at)
VALUES (%(tenant_id)s, %(provider)s, ARRAY[%(now)s::timestamptz], NULL)
ON CONFLICT (tenant_id, provider) DO UPDATE
SET failed_at = (
        SELECT array_agg(failure)
        FROM unnest(known.failed_at || %(now)s::timestamptz) AS failure
        WHERE failure > %(since)s
    ),
    opened_at = CASE
        WHEN known.opened_at IS NOT NULL OR (
            SELECT count(*)
            FROM unnest(known.failed_at) AS failure
            WHERE failure > %(since)s
        ) + 1 >= %(most)s
        THEN %(now)s::timestamptz
    END,
    probe_until = NULL

-- name: close_breaker
-- The provider answers again.
UPDATE coupon_breakers
SET failed_at = '{}', opened_at = NULL, probe_until = NULL
WHERE tenant_id = %(tenant_id)s
    AND provider = %(provider)s
    AND opened_at IS NOT NULL
