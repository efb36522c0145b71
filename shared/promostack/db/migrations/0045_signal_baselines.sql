-- What entries left to chance earn with the stops and targets of a tenant's own signals: the yardstick beside his record,
-- made anew each day from stored bars.

CREATE TABLE signal_baselines (
    tenant_id uuid PRIMARY KEY REFERENCES tenants,
    made_at timestamptz NOT NULL,
    -- The shape is promostack.signals.baselines.figures_of.
    figures jsonb NOT NULL
);
CALL isolate_tenants('signal_baselines', 'SELECT, INSERT, UPDATE');
