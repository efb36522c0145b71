-- A template is what a gallery shows; its pictures come from the published one of its versions.
CREATE TABLE templates (
    tenant_id uuid NOT NULL REFERENCES tenants,
    template_id uuid NOT NULL,
    slug text NOT NULL CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    -- Visibility is one thing with three switches; an archived template is shown nowhere, whatever the other two say.
    web_visible boolean NOT NULL DEFAULT true,
    bot_visible boolean NOT NULL DEFAULT true,
    archived boolean NOT NULL DEFAULT false,
    position integer NOT NULL DEFAULT 0,
    published_number integer,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, template_id),
    UNIQUE (tenant_id, slug)
);

-- Versions are never changed, so a picture already made stays what it was. `document` is json and not jsonb: jsonb would
-- reorder the formats and fields, whose order the designer chose.
CREATE TABLE template_versions (
    tenant_id uuid NOT NULL,
    version_id uuid NOT NULL,
    template_id uuid NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    document json NOT NULL,
    document_sha256 text NOT NULL CHECK (length(document_sha256) = 64),
    thumbnail_key text,
    created_at timestamptz NOT NULL DEFAULT now(),
    published_at timestamptz,
    PRIMARY KEY (tenant_id, version_id),
    UNIQUE (tenant_id, template_id, number),
    FOREIGN KEY (tenant_id, template_id) REFERENCES templates
);
ALTER TABLE templates ADD FOREIGN KEY (tenant_id, template_id, published_number)
    REFERENCES template_versions (tenant_id, template_id, number);

-- The render cache: what the picture was made from (hashed) → the object that holds it. A hit is one query.
CREATE TABLE renders (
    tenant_id uuid NOT NULL,
    render_key text NOT NULL CHECK (length(render_key) = 64),
    version_id uuid NOT NULL,
    object_key text NOT NULL,
    sha256 text NOT NULL CHECK (length(sha256) = 64),
    bytes integer NOT NULL CHECK (bytes > 0),
    width integer NOT NULL CHECK (width > 0),
    height integer NOT NULL CHECK (height > 0),
    media_type text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    -- To the day: a write at every hit would cost more than the hit.
    last_used_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, render_key),
    FOREIGN KEY (tenant_id, version_id) REFERENCES template_versions
);
CREATE INDEX renders_by_use ON renders (tenant_id, last_used_at);

-- What a provider said lately. `unknown` is never stored: it is no answer.
CREATE TABLE coupon_checks (
    tenant_id uuid NOT NULL REFERENCES tenants,
    code text NOT NULL CHECK (length(code) BETWEEN 1 AND 64),
    status text NOT NULL CHECK (status IN ('valid', 'invalid')),
    reason text NOT NULL,
    valid_until timestamptz,
    checked_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, code)
);

-- One circuit breaker per tenant and provider: closed while opened_at is null; after 30 s one caller probes.
CREATE TABLE coupon_breakers (
    tenant_id uuid NOT NULL REFERENCES tenants,
    provider text NOT NULL,
    failed_at timestamptz[] NOT NULL DEFAULT '{}',
    opened_at timestamptz,
    probe_until timestamptz,
    PRIMARY KEY (tenant_id, provider)
);

-- Fixed windows that start with an actor's first call: "ip:203.0.113.9" or "chat:42", 30 renders or 10 checks a minute.
CREATE TABLE rate_limits (
    tenant_id uuid NOT NULL REFERENCES tenants,
    action text NOT NULL,
    actor text NOT NULL CHECK (length(actor) BETWEEN 1 AND 100),
    window_ends_at timestamptz NOT NULL,
    hits integer NOT NULL,
    PRIMARY KEY (tenant_id, action, actor)
);

-- The distinct wrong codes of one actor; sixty in an hour is guessing.
CREATE TABLE coupon_misses (
    tenant_id uuid NOT NULL REFERENCES tenants,
    actor text NOT NULL CHECK (length(actor) BETWEEN 1 AND 100),
    code text NOT NULL CHECK (length(code) BETWEEN 1 AND 64),
    missed_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, actor, code)
);

CALL isolate_tenants('templates', 'SELECT, INSERT, UPDATE');
CALL isolate_tenants('template_versions', 'SELECT, INSERT, UPDATE (published_at, thumbnail_key)');
CALL isolate_tenants('renders', 'SELECT, INSERT, UPDATE (last_used_at), DELETE');
CALL isolate_tenants('coupon_checks', 'SELECT, INSERT, UPDATE, DELETE');
CALL isolate_tenants('coupon_breakers', 'SELECT, INSERT, UPDATE');
CALL isolate_tenants('rate_limits', 'SELECT, INSERT, UPDATE, DELETE');
CALL isolate_tenants('coupon_misses', 'SELECT, INSERT, UPDATE, DELETE');
