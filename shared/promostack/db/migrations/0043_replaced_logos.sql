-- Since when a logo is not the tenant's any more: its file goes a month later.
ALTER TABLE uploads ADD COLUMN replaced_at timestamptz;
CREATE INDEX uploads_of_logos ON uploads (tenant_id, replaced_at) WHERE purpose = 'logo' AND state = 'done';
