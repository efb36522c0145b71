-- name: find_check
-- A recent answer about a code, if there is one, and the actor's distinct wrong codes since (up to `most`) and their asks.
SELECT known.status, known.reason, known.valid_until, guesses.misses, guesses.asks, guesses.oldest_at
FROM (
    SELECT count(*) AS misses, coalesce(sum(asks), 0) AS asks, min(missed_at) AS oldest_at
    FROM (
        SELECT missed_at, asks
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

-- name: hold_guess
-- Counts a question about a code as wrong until somebody has said more about it; what is over an hour ago is forgotten.
INSERT INTO coupon_misses AS known (tenant_id, actor, code, missed_at)
VALUES (%(tenant_id)s, %(actor)s, %(code)s, %(now)s)
ON CONFLICT (tenant_id, actor, code) DO UPDATE
SET missed_at = greatest(known.missed_at, EXCLUDED.missed_at),
    asks = CASE WHEN known.missed_at > %(since)s THEN known.asks + 1 ELSE 1 END

-- name: release_guess
-- Takes back one question about a code.
UPDATE coupon_misses
SET asks = asks - 1
WHERE tenant_id = %(tenant_id)s
    AND actor = %(actor)s
    AND code = %(code)s
    AND asks > 0

-- name: forget_guess
-- Forgets a code of which every question was taken back.
DELETE FROM coupon_misses
WHERE tenant_id = %(tenant_id)s
    AND actor = %(actor)s
    AND code = %(code)s
    AND asks = 0

-- name: record_miss
-- Remembers a wrong code of the actor; told once more from what is kept, it is the same miss.
INSERT INTO coupon_misses AS known (tenant_id, actor, code, missed_at)
VALUES (%(tenant_id)s, %(actor)s, %(code)s, %(now)s)
ON CONFLICT (tenant_id, actor, code) DO UPDATE
SET missed_at = greatest(known.missed_at, EXCLUDED.missed_at)

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

-- name: forget_check
-- Forgets the kept answer about a code whose limits have changed.
DELETE FROM coupon_checks
WHERE tenant_id = %(tenant_id)s
    AND code = %(code)s

-- name: forget_checks
-- Forgets every kept answer, because others are asked from now on.
DELETE FROM coupon_checks
WHERE tenant_id = %(tenant_id)s

-- name: has_secret
-- Whether the tenant has a secret for a provider; it is not read.
SELECT EXISTS (
    SELECT
    FROM secrets
    WHERE tenant_id = %(tenant_id)s
        AND purpose = %(purpose)s
)

-- name: find_local_code
-- A code of the tenant's own, by its text.
SELECT id::text, code, note, is_active, starts_at, ends_at, most_total, most_per_customer, budget_minor, currency,
    redeemed, spent_minor, created_at
FROM local_codes
WHERE tenant_id = %(tenant_id)s
    AND code = %(code)s

-- name: list_local_codes
-- The tenant's own codes, in the order of their text, after a given one.
SELECT id::text, code, note, is_active, starts_at, ends_at, most_total, most_per_customer, budget_minor, currency,
    redeemed, spent_minor, created_at
FROM local_codes
WHERE tenant_id = %(tenant_id)s
    AND code > %(after)s
ORDER BY code
LIMIT %(most)s

-- name: insert_local_code
-- Adds a code, unless the tenant has it already.
INSERT INTO local_codes (
    tenant_id, id, code, note, is_active, starts_at, ends_at, most_total, most_per_customer, budget_minor, currency,
    counted_in
)
VALUES (
    %(tenant_id)s, %(id)s, %(code)s, %(note)s, %(is_active)s, %(starts_at)s, %(ends_at)s, %(most_total)s,
    %(most_per_customer)s, %(budget_minor)s, %(currency)s, %(currency)s
)
ON CONFLICT (tenant_id, code) DO NOTHING

-- name: update_local_code
-- Changes a code's limits, unless more was redeemed already than they would allow, or in another currency.
UPDATE local_codes
SET note = %(note)s,
    is_active = %(is_active)s,
    starts_at = %(starts_at)s,
    ends_at = %(ends_at)s,
    most_total = %(most_total)s,
    most_per_customer = %(most_per_customer)s,
    budget_minor = %(budget_minor)s,
    currency = %(currency)s,
    counted_in = coalesce(%(currency)s::text, counted_in)
WHERE tenant_id = %(tenant_id)s
    AND code = %(code)s
    AND redeemed <= coalesce(%(most_total)s::integer, redeemed)
    AND spent_minor <= coalesce(%(budget_minor)s::bigint, spent_minor)
    AND (counted_in IS NULL OR %(currency)s::text IS NULL OR counted_in = %(currency)s OR spent_minor = 0)

-- name: lock_local_code
-- A code of the tenant's own, held until the commit, so that its redemptions happen one after the other.
SELECT id::text, code, note, is_active, starts_at, ends_at, most_total, most_per_customer, budget_minor, currency,
    redeemed, spent_minor, created_at
FROM local_codes
WHERE tenant_id = %(tenant_id)s
    AND code = %(code)s
FOR UPDATE

-- name: count_redemptions
-- How often a customer has redeemed a code.
SELECT count(*)
FROM local_redemptions
WHERE tenant_id = %(tenant_id)s
    AND code_id = %(code_id)s
    AND customer = %(customer)s
    AND released_at IS NULL

-- name: insert_redemption
-- Writes a redemption down.
INSERT INTO local_redemptions (tenant_id, id, code_id, order_key, customer, amount_minor, redeemed_at)
VALUES (
    %(tenant_id)s, %(id)s, %(code_id)s, %(order_key)s, %(customer)s, %(amount_minor)s, %(now)s
)

-- name: find_redemption
-- The redemption of an order.
SELECT id::text, customer, amount_minor, redeemed_at, released_at
FROM local_redemptions
WHERE tenant_id = %(tenant_id)s
    AND code_id = %(code_id)s
    AND order_key = %(order_key)s

-- name: release_redemption
-- Gives a redemption back.
UPDATE local_redemptions
SET released_at = %(now)s
WHERE tenant_id = %(tenant_id)s
    AND id = %(id)s

-- name: count_local_code
-- Adds a redemption to the code's counters, or takes a released one out of them.
UPDATE local_codes
SET redeemed = redeemed + %(times)s,
    spent_minor = spent_minor + %(amount_minor)s
WHERE tenant_id = %(tenant_id)s
    AND id = %(code_id)s

-- name: drop_expired_checks
-- Answers that may not be given any more, some at a time.
DELETE FROM coupon_checks
WHERE tenant_id = %(tenant_id)s
    AND code IN (
        SELECT code
        FROM coupon_checks
        WHERE tenant_id = %(tenant_id)s AND expires_at < %(now)s
        LIMIT %(most)s
        FOR UPDATE SKIP LOCKED
    )
    AND expires_at < %(now)s

-- name: drop_old_misses
-- Wrong codes that no limit counts any more, some at a time.
DELETE FROM coupon_misses
WHERE tenant_id = %(tenant_id)s
    AND (actor, code) IN (
        SELECT actor, code
        FROM coupon_misses
        WHERE tenant_id = %(tenant_id)s AND missed_at < %(before)s
        LIMIT %(most)s
        FOR UPDATE SKIP LOCKED
    )
