-- Backtests that a tenant asked for, made by work/backtest.
CREATE TABLE signal_backtests (
    tenant_id uuid NOT NULL REFERENCES tenants,
    id uuid NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done', 'failed')),
    strategy text NOT NULL,
    params jsonb NOT NULL,
    -- Of code and parameters: what was tried is what may be chosen.
    fingerprint text NOT NULL,
    days integer NOT NULL CHECK (days > 0),
    -- The shape is that of promostack.signals.stored.costs_to.
    costs jsonb NOT NULL,
    -- Percent.
    progress integer NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 100),
    asked_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    attempts integer NOT NULL DEFAULT 0,
    lease_until timestamptz,
    lease_token text,
    -- The shape is that of promostack.signals.backtests.report.
    report jsonb,
    problem text,
    finished_at timestamptz,
    PRIMARY KEY (tenant_id, id)
);
-- One at a time.
CREATE UNIQUE INDEX signal_backtests_open ON signal_backtests (tenant_id) WHERE state IN ('waiting', 'running');
CALL isolate_tenants('signal_backtests', 'SELECT, INSERT, UPDATE, DELETE');
CREATE POLICY router_reads ON signal_backtests FOR SELECT TO promostack_router USING (true);
GRANT SELECT (tenant_id, state, lease_until) ON signal_backtests TO promostack_router;

-- Tenants with a backtest to make.
CREATE FUNCTION router_tenants_with_backtests(most integer) RETURNS TABLE (tenant_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT tests.tenant_id
    FROM signal_backtests AS tests
    WHERE tests.state = 'waiting' OR (tests.state = 'running' AND tests.lease_until < now())
    ORDER BY 1
    LIMIT most
$$;
ALTER FUNCTION router_tenants_with_backtests(integer) OWNER TO promostack_router;
REVOKE EXECUTE ON FUNCTION router_tenants_with_backtests(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION router_tenants_with_backtests(integer) TO promostack_app;
