-- Tenants' secrets in one place, uploads, and what the sweeps of work/maintenance need.

CREATE TABLE secrets (
    tenant_id uuid NOT NULL REFERENCES tenants,
    -- What it opens: promostack.tenants.secrets.PURPOSES.
    purpose text NOT NULL CHECK (purpose ~ '^[a-z][a-z0-9_.]{0,62}$'),
    -- What it belongs to in the tenant, a bot's id for one; empty for the tenant itself.
    subject text NOT NULL CHECK (length(subject) <= 100),
    ciphertext text NOT NULL,
    -- Version and key id, for finding what an older key seals.
    sealed_with text NOT NULL
        GENERATED ALWAYS AS (split_part(ciphertext, '.', 1) || '.' || split_part(ciphertext, '.', 2)) STORED,
    last4 text NOT NULL DEFAULT '' CHECK (length(last4) <= 4),
    added_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, purpose, subject)
);
CREATE INDEX secrets_by_seal ON secrets (tenant_id, sealed_with);

-- Keyed hashes of those that only one tenant may have, one under each key: whoever stores an equal one meets at least one.
CREATE TABLE secret_fingerprints (
    tenant_id uuid NOT NULL,
    purpose text NOT NULL,
    subject text NOT NULL,
    key_id text NOT NULL,
    fingerprint text NOT NULL CHECK (length(fingerprint) = 64),
    PRIMARY KEY (tenant_id, purpose, subject, key_id),
    UNIQUE (purpose, fingerprint),
    FOREIGN KEY (tenant_id, purpose, subject) REFERENCES secrets ON DELETE CASCADE
);

-- An owner who is no superuser sees no row of a table under forced row-level security.
ALTER TABLE bots NO FORCE ROW LEVEL SECURITY;
INSERT INTO secrets (tenant_id, purpose, subject, ciphertext, added_at)
SELECT tenant_id, 'bot.token', id::text, token_ciphertext, created_at
FROM bots
UNION ALL
SELECT tenant_id, 'bot.webhook_secret', id::text, webhook_secret_ciphertext, created_at
FROM bots;
INSERT INTO secret_fingerprints (tenant_id, purpose, subject, key_id, fingerprint)
SELECT tenant_id, 'bot.token', id::text, split_part(token_ciphertext, '.', 2), token_fingerprint
FROM bots;
ALTER TABLE bots FORCE ROW LEVEL SECURITY;
ALTER TABLE bots
    DROP COLUMN token_ciphertext,
    DROP COLUMN token_fingerprint,
    DROP COLUMN webhook_secret_ciphertext;

CALL isolate_tenants('secrets', 'SELECT, INSERT, UPDATE, DELETE');
CALL isolate_tenants('secret_fingerprints', 'SELECT, INSERT, UPDATE, DELETE');
-- Reports and exports have no use for what is sealed.
REVOKE SELECT ON secrets, secret_fingerprints FROM promostack_read;
GRANT SELECT (tenant_id, purpose, subject, sealed_with, last4, added_at) ON secrets TO promostack_read;

-- A file on its way: its original lies in the private bucket under uploads/<tenant_id>/<id>.
CREATE TABLE uploads (
    tenant_id uuid NOT NULL REFERENCES tenants,
    id uuid NOT NULL,
    purpose text NOT NULL CHECK (purpose IN ('logo')),
    media_type text NOT NULL,
    bytes integer NOT NULL CHECK (bytes > 0),
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'refused')),
    reason text,
    -- Written before the object is put, so that whatever an interrupted call has published can be found and removed.
    published_key text,
    -- Of the published picture: promostack.publishing.models.Published.
    picture jsonb,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    -- When the original's name was cleared for the last time: nothing can be put there any more.
    swept_at timestamptz,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX uploads_to_sweep ON uploads (tenant_id, created_at) WHERE swept_at IS NULL;
CALL isolate_tenants('uploads', 'SELECT, INSERT, UPDATE, DELETE');

-- A picture about to be removed: no longer found, its object may be gone already.
ALTER TABLE renders ADD COLUMN expiring_at timestamptz;
GRANT UPDATE (version_id, object_key, sha256, bytes, width, height, media_type, expiring_at) ON renders
    TO promostack_app;
CREATE INDEX renders_by_object ON renders (tenant_id, object_key);

GRANT DELETE ON auth_failures TO promostack_app;

-- Work that the tick starts now and then: whoever moves `started_at` starts it.
CREATE TABLE periodic_work (
    name text PRIMARY KEY,
    started_at timestamptz NOT NULL DEFAULT '-infinity'
);
INSERT INTO periodic_work (name) VALUES ('maintenance');
ALTER TABLE periodic_work ENABLE ROW LEVEL SECURITY;
ALTER TABLE periodic_work FORCE ROW LEVEL SECURITY;
CREATE POLICY app_takes_turns ON periodic_work TO promostack_app USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE (started_at) ON periodic_work TO promostack_app;
