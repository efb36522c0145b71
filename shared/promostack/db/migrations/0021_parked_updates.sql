-- Updates that were set aside are few and looked for among many that were answered.
CREATE INDEX telegram_updates_set_aside ON telegram_updates (tenant_id, received_at, bot_id, update_id)
    WHERE state = 'parked';
