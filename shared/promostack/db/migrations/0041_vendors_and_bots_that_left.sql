-- What the latest look at a service found whose key a tenant gave; the key itself is among the secrets.
CREATE TABLE vendor_checks (
    tenant_id uuid NOT NULL REFERENCES tenants,
    vendor text NOT NULL CHECK (vendor IN ('stripe', 'funderpro', 'twelve_data', 'openai')),
    checked_at timestamptz NOT NULL DEFAULT now(),
    -- NULL: all was well.
    problem text CHECK (problem IN ('refused', 'rights', 'exhausted', 'unclear', 'unreachable', 'unreadable')),
    detail text,
    -- Stripe's: of which mode the key is, and whose account it reads, when it may read that.
    mode text CHECK (mode IN ('live', 'test')),
    account text,
    PRIMARY KEY (tenant_id, vendor)
);
CALL isolate_tenants('vendor_checks', 'SELECT, INSERT, UPDATE, DELETE');

-- A bot that was disconnected keeps its history; it may be connected elsewhere, or here again.
ALTER TABLE bots DROP CONSTRAINT bots_state_check;
ALTER TABLE bots ADD CONSTRAINT bots_state_check CHECK (state IN ('active', 'paused', 'suspended', 'disconnected'));
ALTER TABLE bots DROP CONSTRAINT bots_telegram_id_key;
-- A channel that its owner let go stays as part of the history, and is shown nowhere.
ALTER TABLE channels DROP CONSTRAINT channels_broken_check;
ALTER TABLE channels ADD CONSTRAINT channels_broken_check CHECK (broken IN ('removed', 'no_rights', 'left'));
CREATE UNIQUE INDEX bots_telegram_id_key ON bots (telegram_id) WHERE state <> 'disconnected';
