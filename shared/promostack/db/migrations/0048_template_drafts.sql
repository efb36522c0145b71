-- What people change of a template before they publish it, and pictures that they draw it with.

-- One row for each template that was ever edited. It stays when its draft is published or dropped, with `document` NULL,
-- so that its revision only grows: who still holds an older one is told.
CREATE TABLE template_drafts (
    tenant_id uuid NOT NULL,
    template_id uuid NOT NULL,
    revision integer NOT NULL CHECK (revision > 0),
    -- json and not jsonb, like that of a version.
    document json,
    saved_by text NOT NULL,
    saved_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, template_id),
    FOREIGN KEY (tenant_id, template_id) REFERENCES templates
);
CALL isolate_tenants('template_drafts', 'SELECT, INSERT, UPDATE');

ALTER TABLE uploads DROP CONSTRAINT uploads_purpose_check;
ALTER TABLE uploads ADD CONSTRAINT uploads_purpose_check CHECK (purpose IN ('logo', 'picture'));
-- The library of a tenant's pictures, the newest first.
CREATE INDEX uploads_library ON uploads (tenant_id, finished_at DESC, id) WHERE purpose = 'picture' AND state = 'done';
