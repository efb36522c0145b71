-- When a person first did something with a bot, so that who is new in a period is found without reading every event.

-- What people do themselves, as opposed to leaving, and to what members post from the dashboard.
CREATE FUNCTION is_own_act(kind text) RETURNS boolean
LANGUAGE sql IMMUTABLE
AS $$
    SELECT kind IN (
        'started', 'link_old', 'code_valid', 'code_invalid', 'code_unknown', 'code_malformed', 'limited',
        'gallery_empty', 'rendered', 'render_failed', 'file_sent', 'qr_sent', 'inline_offered', 'stopped', 'resumed',
        'channel_connected', 'posted', 'post_edited', 'post_deleted'
    )
$$;

CREATE TABLE people_seen (
    tenant_id uuid NOT NULL REFERENCES tenants,
    user_id bigint NOT NULL,
    bot_id uuid NOT NULL,
    first_seen_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, user_id, bot_id)
);
CREATE INDEX people_seen_by_time ON people_seen (tenant_id, first_seen_at);
CALL isolate_tenants('people_seen', 'SELECT, INSERT, UPDATE (first_seen_at)');

-- Members' posts were booked on whoever connected the channel; an owner who is no superuser sees no row of a table under
-- forced row-level security.
ALTER TABLE usage_events NO FORCE ROW LEVEL SECURITY;
INSERT INTO people_seen (tenant_id, user_id, bot_id, first_seen_at)
SELECT tenant_id, user_id, bot_id, min(at)
FROM usage_events
WHERE user_id IS NOT NULL AND bot_id IS NOT NULL AND is_own_act(kind)
    AND kind NOT IN ('posted', 'post_edited', 'post_deleted')
GROUP BY tenant_id, user_id, bot_id;
ALTER TABLE usage_events FORCE ROW LEVEL SECURITY;

-- A trigger, so that no way of writing an event leaves it out.
CREATE FUNCTION person_was_seen() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp
AS $$
BEGIN
    INSERT INTO people_seen AS known (tenant_id, user_id, bot_id, first_seen_at)
    VALUES (NEW.tenant_id, NEW.user_id, NEW.bot_id, NEW.at)
    ON CONFLICT (tenant_id, user_id, bot_id) DO UPDATE
    SET first_seen_at = excluded.first_seen_at
    WHERE known.first_seen_at > excluded.first_seen_at;
    RETURN NULL;
END
$$;
CREATE TRIGGER person_is_seen AFTER INSERT ON usage_events
FOR EACH ROW WHEN (NEW.user_id IS NOT NULL AND NEW.bot_id IS NOT NULL AND is_own_act(NEW.kind))
EXECUTE FUNCTION person_was_seen();
