-- What subscribers read beside the facts: the line that somebody else may write, and what a tenant chose of it all.

CREATE TABLE signal_telling (
    tenant_id uuid PRIMARY KEY REFERENCES tenants,
    -- Lines are written with the tenant's own key; without one, or when it is off, the template's stand there.
    writes_lines boolean NOT NULL DEFAULT true,
    lines_a_day integer NOT NULL DEFAULT 20 CHECK (lines_a_day BETWEEN 1 AND 500),
    briefs boolean NOT NULL DEFAULT true,
    -- Where one signal a day is shown to those who have not paid; NULL: nowhere. Hours are UTC, days 1 (Monday) to 5.
    free_channel_id uuid,
    promote_from integer NOT NULL DEFAULT 8 CHECK (promote_from BETWEEN 0 AND 23),
    promote_to integer NOT NULL DEFAULT 16 CHECK (promote_to BETWEEN 1 AND 24),
    promote_days integer[] NOT NULL DEFAULT '{1,2,3,4,5}',
    CHECK (promote_from < promote_to),
    FOREIGN KEY (tenant_id, free_channel_id) REFERENCES channels (tenant_id, id)
);
CALL isolate_tenants('signal_telling', 'SELECT, INSERT, UPDATE');

-- Counted before the vendor is asked: a crash costs one too many, never one too few.
CREATE TABLE signal_line_days (
    tenant_id uuid NOT NULL REFERENCES tenants,
    day date NOT NULL,
    asked integer NOT NULL CHECK (asked > 0),
    PRIMARY KEY (tenant_id, day)
);
CALL isolate_tenants('signal_line_days', 'SELECT, INSERT, UPDATE');

-- Each draft with its verdict; a signal's line is asked for once.
CREATE TABLE signal_lines (
    tenant_id uuid NOT NULL,
    signal_id text NOT NULL,
    asked_at timestamptz NOT NULL,
    -- asked: it was asked for, and nothing more is known.
    outcome text NOT NULL
        CHECK (outcome IN ('asked', 'used', 'refused', 'late', 'slow', 'down', 'busy', 'key', 'unreadable', 'capped')),
    draft text NOT NULL DEFAULT '',
    -- [{"kind", "found"}], the shape is promostack.signals.line_guard.Fault.
    faults jsonb NOT NULL DEFAULT '[]',
    -- What stood in the message.
    line text NOT NULL,
    took_ms integer,
    PRIMARY KEY (tenant_id, signal_id),
    FOREIGN KEY (tenant_id, signal_id) REFERENCES signals (tenant_id, id)
);
CREATE INDEX signal_lines_newest ON signal_lines (tenant_id, asked_at);
CALL isolate_tenants('signal_lines', 'SELECT, INSERT, UPDATE');

-- NULL: the template's line stands in the message.
ALTER TABLE signals ADD COLUMN line text;
