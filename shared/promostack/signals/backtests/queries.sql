-- name: add_backtest
-- Asks for a backtest.
INSERT INTO signal_backtests (tenant_id, id, strategy, params, fingerprint, days, costs, asked_by, created_at)
VALUES (%(tenant_id)s, %(id)s, %(strategy)s, %(params)s, %(fingerprint)s, %(days)s, %(costs)s, %(asked_by)s, %(now)s)

-- name: list_backtests
-- The newest backtests, without their reports.
SELECT id, state, strategy, params, days, costs, progress, created_at, finished_at, problem, NULL::jsonb AS report
FROM signal_backtests
WHERE tenant_id = %(tenant_id)s
ORDER BY created_at DESC, id
LIMIT %(most)s

-- name: find_backtest
-- One backtest with its report.
SELECT id, state, strategy, params, days, costs, progress, created_at, finished_at, problem, report
FROM signal_backtests
WHERE tenant_id = %(tenant_id)s AND id = %(id)s

-- name: is_tried
-- Whether exactly this was tried on stored bars.
SELECT EXISTS (
    SELECT FROM signal_backtests WHERE tenant_id = %(tenant_id)s AND fingerprint = %(fingerprint)s AND state = 'done'
)

-- name: drop_old_backtests
-- Only the newest are kept.
DELETE FROM signal_backtests
WHERE tenant_id = %(tenant_id)s AND state IN ('done', 'failed') AND id NOT IN (
    SELECT id FROM signal_backtests WHERE tenant_id = %(tenant_id)s ORDER BY created_at DESC, id LIMIT %(most)s
)

-- name: take_backtest
-- The backtest that waits, or whose maker died, for whoever makes it now.
UPDATE signal_backtests
SET state = 'running', attempts = attempts + 1, progress = 0, lease_token = %(lease_token)s,
    lease_until = now() + %(lease_s)s * interval '1 second'
WHERE tenant_id = %(tenant_id)s AND (state = 'waiting' OR (state = 'running' AND lease_until < now()))
RETURNING id, strategy, params, days, costs, attempts

-- name: note_progress
-- How far it is; touches nothing when another maker has taken it over.
UPDATE signal_backtests
SET progress = %(progress)s, lease_until = now() + %(lease_s)s * interval '1 second'
WHERE tenant_id = %(tenant_id)s AND id = %(id)s AND state = 'running' AND lease_token = %(lease_token)s

-- name: finish_backtest
-- It is there, or could not be made; touches nothing when another maker has taken it over.
UPDATE signal_backtests
SET state = %(state)s, report = %(report)s, problem = %(problem)s, finished_at = %(now)s, progress = 100,
    lease_token = NULL, lease_until = NULL
WHERE tenant_id = %(tenant_id)s AND id = %(id)s AND state = 'running' AND lease_token = %(lease_token)s

-- name: tenants_with_backtests
-- scope: global, because the tick looks for all of them; the router's function returns ids only.
SELECT tenant_id
FROM router_tenants_with_backtests(%(most)s)
