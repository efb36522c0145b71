-- Tenants are named by slug or by id, and lines of the audit log are told apart without a number that counts for all.

-- Slugs are made with 40 characters at most, so that one with 49 is free. An owner who is no superuser sees no row of a
-- table under forced row-level security.
ALTER TABLE tenants NO FORCE ROW LEVEL SECURITY;
UPDATE tenants
SET slug = slug || '-' || left(replace(tenant_id::text, '-', ''), 12)
WHERE slug ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';
ALTER TABLE tenants FORCE ROW LEVEL SECURITY;
ALTER TABLE tenants ADD CONSTRAINT tenants_slug_is_no_id
    CHECK (slug !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$');

-- What a line is called outside: its number would tell each tenant how much is going on at the others.
ALTER TABLE audit_log ADD COLUMN line_id uuid NOT NULL DEFAULT gen_random_uuid();
CREATE UNIQUE INDEX audit_log_by_line ON audit_log (tenant_id, line_id);
