-- One person's history, and whether he came back on a given day.
CREATE INDEX usage_events_by_person ON usage_events (tenant_id, user_id, at);

-- Figures count by kind, so a kind that no figure knows is a mistake.
ALTER TABLE usage_events ADD CHECK (kind IN (
    'started', 'link_old', 'code_valid', 'code_invalid', 'code_unknown', 'code_malformed', 'limited', 'gallery_empty',
    'rendered', 'render_failed', 'file_sent', 'qr_sent', 'inline_offered', 'stopped', 'resumed', 'blocked', 'unblocked'
));
