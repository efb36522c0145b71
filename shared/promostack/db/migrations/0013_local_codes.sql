-- Codes that the tenant keeps here, with their limits, and who used them.
CREATE TABLE local_codes (
    tenant_id uuid NOT NULL REFERENCES tenants,
    id uuid NOT NULL,
    code text NOT NULL CHECK (length(code) BETWEEN 1 AND 64),
    note text NOT NULL DEFAULT '' CHECK (length(note) <= 200),
    is_active boolean NOT NULL DEFAULT true,
    starts_at timestamptz,
    ends_at timestamptz,
    -- How often in total, and by one customer; NULL: no limit.
    most_total integer CHECK (most_total > 0),
    most_per_customer integer CHECK (most_per_customer > 0),
    -- What all redemptions together may cost the tenant, in minor units; NULL: no limit.
    budget_minor bigint CHECK (budget_minor > 0),
    currency text CHECK (currency ~ '^[A-Z]{3}$'),
    -- Counters of the redemptions that stand; the row's lock makes parallel ones wait for each other.
    redeemed integer NOT NULL DEFAULT 0 CHECK (redeemed >= 0),
    spent_minor bigint NOT NULL DEFAULT 0 CHECK (spent_minor >= 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, code),
    CHECK (starts_at < ends_at),
    CHECK ((budget_minor IS NULL) = (currency IS NULL)),
    CHECK (most_total IS NULL OR redeemed <= most_total),
    CHECK (budget_minor IS NULL OR spent_minor <= budget_minor)
);
CALL isolate_tenants('local_codes', 'SELECT, INSERT, UPDATE');

CREATE TABLE local_redemptions (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    code_id uuid NOT NULL,
    -- The merchant's own name for an order: redeeming it twice is one redemption.
    order_key text NOT NULL CHECK (length(order_key) BETWEEN 1 AND 200),
    customer text NOT NULL CHECK (length(customer) BETWEEN 1 AND 200),
    amount_minor bigint NOT NULL DEFAULT 0 CHECK (amount_minor >= 0),
    redeemed_at timestamptz NOT NULL,
    released_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, code_id, order_key),
    FOREIGN KEY (tenant_id, code_id) REFERENCES local_codes (tenant_id, id)
);
CREATE INDEX local_redemptions_by_customer ON local_redemptions (tenant_id, code_id, customer)
    WHERE released_at IS NULL;
CALL isolate_tenants('local_redemptions', 'SELECT, INSERT, UPDATE (released_at)');
