-- name: take_turn
-- scope: global, because the schedule is the platform's. Gives periodic work to one caller when its time has come.
UPDATE periodic_work
SET started_at = now()
WHERE name = %(name)s AND started_at <= now() - %(every_s)s * interval '1 second'
