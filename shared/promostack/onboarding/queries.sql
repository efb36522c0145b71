-- name: bots_of_signals
-- The bots in whose channels signals are posted, or were until they were switched off.
SELECT channels.bot_id, signal_settings.strategy IS NOT NULL AS is_on
FROM signal_settings
JOIN channels ON channels.tenant_id = signal_settings.tenant_id AND channels.id = signal_settings.channel_id
WHERE signal_settings.tenant_id = %(tenant_id)s

-- name: read_vendor_checks
-- What the latest look at each service found; `fresh_s` tells whether asking again can wait.
SELECT vendor, checked_at, problem, detail, mode, account,
    checked_at > now() - %(fresh_s)s * interval '1 second' AS is_fresh
FROM vendor_checks
WHERE tenant_id = %(tenant_id)s

-- name: note_vendor_check
-- Keeps what a look found in the place of the one before; what it did not tell stays known.
INSERT INTO vendor_checks (tenant_id, vendor, problem, detail, mode, account)
VALUES (%(tenant_id)s, %(vendor)s, %(problem)s, %(detail)s, %(mode)s, %(account)s)
ON CONFLICT (tenant_id, vendor) DO UPDATE
SET checked_at = now(), problem = excluded.problem, detail = excluded.detail,
    mode = coalesce(excluded.mode, vendor_checks.mode), account = coalesce(excluded.account, vendor_checks.account)

-- name: forget_vendor_check
-- A service that was disconnected.
DELETE FROM vendor_checks
WHERE tenant_id = %(tenant_id)s AND vendor = %(vendor)s
