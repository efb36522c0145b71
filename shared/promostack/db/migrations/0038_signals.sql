-- Signals of a tenant: what is chosen, what each closed bar led to, the signals' lives, and the record as a hash chain.

CREATE TABLE signal_settings (
    tenant_id uuid PRIMARY KEY REFERENCES tenants,
    -- Where signals are posted; its bot posts them.
    channel_id uuid,
    -- NULL: signals are off.
    strategy text,
    params jsonb NOT NULL DEFAULT '{}',
    -- What begins when the open signal closes: {"strategy", "params"}, strategy null to switch off. NULL: nothing waits.
    queued jsonb,
    -- Bars that closed before are nobody's business.
    active_since timestamptz,
    paused_until timestamptz,
    -- The shape is promostack.signals.rails.Rails.
    rails jsonb NOT NULL DEFAULT '{}',
    FOREIGN KEY (tenant_id, channel_id) REFERENCES channels (tenant_id, id)
);
CALL isolate_tenants('signal_settings', 'SELECT, INSERT, UPDATE');

CREATE TABLE signals (
    tenant_id uuid NOT NULL,
    -- Strategy and closing time of the bar, as the record names it.
    id text NOT NULL,
    symbol text NOT NULL,
    strategy text NOT NULL,
    fingerprint text NOT NULL,
    bar_interval text NOT NULL,
    bar_closed_at timestamptz NOT NULL,
    -- The shapes are those of promostack.signals.stored.
    plan jsonb NOT NULL,
    terms jsonb NOT NULL,
    costs jsonb NOT NULL,
    readings jsonb,
    position jsonb,
    -- A draft becomes open only once its message is out.
    state text NOT NULL CHECK (state IN ('draft', 'open', 'closed', 'unpublished')),
    reason text NOT NULL DEFAULT '',
    bot_id uuid,
    chat_id bigint,
    outbox_id bigint,
    message_id bigint,
    published_at timestamptz,
    closed_at timestamptz,
    -- Names of events that were told or overtaken, each claimed once.
    told text[] NOT NULL DEFAULT '{}',
    last_told_at timestamptz,
    edits integer NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, bot_id) REFERENCES bots (tenant_id, id)
);
CREATE INDEX signals_living ON signals (tenant_id) WHERE state IN ('draft', 'open');
CREATE INDEX signals_newest ON signals (tenant_id, bar_closed_at);
CALL isolate_tenants('signals', 'SELECT, INSERT, UPDATE');

CREATE TABLE signal_evaluations (
    tenant_id uuid NOT NULL REFERENCES tenants,
    symbol text NOT NULL,
    bar_interval text NOT NULL,
    fingerprint text NOT NULL,
    bar_closed_at timestamptz NOT NULL,
    strategy text NOT NULL,
    -- promostack.signals.evaluation.Fate
    fate text NOT NULL,
    reason text NOT NULL DEFAULT '',
    evaluated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, symbol, bar_interval, fingerprint, bar_closed_at)
);
CALL isolate_tenants('signal_evaluations', 'SELECT, INSERT');

CREATE TABLE signal_events (
    tenant_id uuid NOT NULL,
    signal_id text NOT NULL,
    seq integer NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    happened_at timestamptz NOT NULL,
    price numeric NOT NULL,
    PRIMARY KEY (tenant_id, signal_id, seq),
    FOREIGN KEY (tenant_id, signal_id) REFERENCES signals (tenant_id, id)
);
CALL isolate_tenants('signal_events', 'SELECT, INSERT');

CREATE TABLE signal_ledger (
    tenant_id uuid NOT NULL REFERENCES tenants,
    seq bigint NOT NULL CHECK (seq > 0),
    appended_at timestamptz NOT NULL,
    kind text NOT NULL CHECK (kind IN ('plan', 'fate', 'event', 'closed', 'recap')),
    body jsonb NOT NULL,
    prev text NOT NULL,
    hash text NOT NULL,
    PRIMARY KEY (tenant_id, seq),
    UNIQUE (tenant_id, prev)
);
CALL isolate_tenants('signal_ledger', 'SELECT, INSERT');

CREATE TABLE signal_recaps (
    tenant_id uuid NOT NULL REFERENCES tenants,
    period text NOT NULL CHECK (period IN ('day', 'week', 'month')),
    first_day date NOT NULL,
    PRIMARY KEY (tenant_id, period, first_day)
);
CALL isolate_tenants('signal_recaps', 'SELECT, INSERT');

-- Not even the owner of the tables changes what has happened; rows go only with a tenant that leaves for good.
CREATE FUNCTION signals_only_grow() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp
AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF EXISTS (SELECT FROM tenants WHERE tenants.tenant_id = OLD.tenant_id AND tenants.state = 'closing') THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON signal_ledger FOR EACH ROW EXECUTE FUNCTION signals_only_grow();
CREATE TRIGGER is_not_emptied BEFORE TRUNCATE ON signal_ledger EXECUTE FUNCTION signals_only_grow();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON signal_events FOR EACH ROW EXECUTE FUNCTION signals_only_grow();
CREATE TRIGGER is_not_emptied BEFORE TRUNCATE ON signal_events EXECUTE FUNCTION signals_only_grow();

CREATE POLICY router_reads ON signal_settings FOR SELECT TO promostack_router USING (true);
GRANT SELECT (tenant_id, strategy) ON signal_settings TO promostack_router;
CREATE POLICY router_reads ON signals FOR SELECT TO promostack_router USING (true);
GRANT SELECT (tenant_id, state) ON signals TO promostack_router;

-- Tenants whose signals are on, and those with a signal that has not ended.
CREATE FUNCTION router_tenants_with_signals() RETURNS TABLE (tenant_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT signal_settings.tenant_id FROM signal_settings WHERE signal_settings.strategy IS NOT NULL
    UNION
    SELECT signals.tenant_id FROM signals WHERE signals.state IN ('draft', 'open')
$$;
ALTER FUNCTION router_tenants_with_signals() OWNER TO promostack_router;
REVOKE EXECUTE ON FUNCTION router_tenants_with_signals() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION router_tenants_with_signals() TO promostack_app;

INSERT INTO periodic_work (name) VALUES ('forex-recap');
