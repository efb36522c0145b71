-- Pictures of results, one signal a day for those who have not paid, and the morning's briefing.

-- A closed signal's card, sent once.
CREATE TABLE signal_cards (
    tenant_id uuid NOT NULL,
    signal_id text NOT NULL,
    object_key text NOT NULL,
    sent_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, signal_id),
    FOREIGN KEY (tenant_id, signal_id) REFERENCES signals (tenant_id, id)
);
CALL isolate_tenants('signal_cards', 'SELECT, INSERT');

-- At most one a day, and none twice: the keys see to it.
CREATE TABLE signal_promotions (
    tenant_id uuid NOT NULL,
    day date NOT NULL,
    signal_id text NOT NULL,
    channel_id uuid NOT NULL,
    chosen_at timestamptz NOT NULL,
    -- When the signal's end was told there too.
    ended_at timestamptz,
    PRIMARY KEY (tenant_id, day),
    UNIQUE (tenant_id, signal_id),
    FOREIGN KEY (tenant_id, signal_id) REFERENCES signals (tenant_id, id),
    FOREIGN KEY (tenant_id, channel_id) REFERENCES channels (tenant_id, id)
);
CALL isolate_tenants('signal_promotions', 'SELECT, INSERT, UPDATE');

ALTER TABLE signal_recaps DROP CONSTRAINT signal_recaps_period_check;
ALTER TABLE signal_recaps ADD CONSTRAINT signal_recaps_period_check
    CHECK (period IN ('day', 'week', 'month', 'briefing'));
