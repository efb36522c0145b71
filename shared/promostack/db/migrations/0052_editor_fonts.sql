-- Fonts that tenants upload and set their templates in.

ALTER TABLE uploads DROP CONSTRAINT uploads_purpose_check;
ALTER TABLE uploads ADD CONSTRAINT uploads_purpose_check CHECK (purpose IN ('logo', 'picture', 'font'));
-- The library of a tenant's fonts.
CREATE INDEX editor_fonts ON uploads (tenant_id, finished_at, id) WHERE purpose = 'font' AND state = 'done';
