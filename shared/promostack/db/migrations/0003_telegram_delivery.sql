-- Bots, the inbox of updates, conversations, and the outbox through which everything leaves the house.

CREATE TABLE bots (
    tenant_id uuid NOT NULL REFERENCES tenants,
    id uuid NOT NULL,
    -- What the webhook's address carries instead of the token.
    public_id text NOT NULL UNIQUE,
    telegram_id bigint NOT NULL UNIQUE,
    username text NOT NULL,
    token_ciphertext text NOT NULL,
    -- A keyed hash: one bot belongs to one tenant.
    token_fingerprint text NOT NULL UNIQUE,
    -- The hash recognises Telegram's header without reading a secret; the ciphertext lets the tick replay an update.
    webhook_secret_hash text NOT NULL,
    webhook_secret_ciphertext text NOT NULL,
    state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'paused')),
    paused_reason text,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id)
);
CALL isolate_tenants('bots', 'SELECT, INSERT, UPDATE');
CREATE POLICY router_reads ON bots FOR SELECT TO promostack_router USING (true);
GRANT SELECT (tenant_id, id, public_id) ON bots TO promostack_router;

CREATE TABLE telegram_updates (
    tenant_id uuid NOT NULL,
    bot_id uuid NOT NULL,
    update_id bigint NOT NULL,
    payload jsonb NOT NULL,
    state text NOT NULL CHECK (state IN ('leased', 'waiting', 'done', 'ignored', 'parked')),
    attempts integer NOT NULL DEFAULT 0,
    lease_until timestamptz,
    lease_token text,
    last_error text,
    received_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    -- Telegram keeps an update's id when it delivers it again.
    PRIMARY KEY (tenant_id, bot_id, update_id),
    FOREIGN KEY (tenant_id, bot_id) REFERENCES bots (tenant_id, id)
);
CREATE INDEX telegram_updates_open ON telegram_updates (lease_until) WHERE state IN ('leased', 'waiting');
CALL isolate_tenants('telegram_updates', 'SELECT, INSERT, UPDATE, DELETE');
CREATE POLICY router_reads ON telegram_updates FOR SELECT TO promostack_router USING (true);
GRANT SELECT (tenant_id, bot_id, update_id, state, lease_until) ON telegram_updates TO promostack_router;

CREATE TABLE conversations (
    tenant_id uuid NOT NULL,
    bot_id uuid NOT NULL,
    user_id bigint NOT NULL,
    chat_id bigint NOT NULL,
    language text NOT NULL DEFAULT 'en',
    -- The shape is promostack.telegram.models.ConversationState.
    state jsonb NOT NULL DEFAULT '{}',
    -- Counts changes: an answer worked out from an older state is worked out again.
    version integer NOT NULL DEFAULT 0,
    blocked_at timestamptz,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, bot_id, user_id),
    FOREIGN KEY (tenant_id, bot_id) REFERENCES bots (tenant_id, id)
);
CALL isolate_tenants('conversations', 'SELECT, INSERT, UPDATE, DELETE');

CREATE TABLE outbox (
    tenant_id uuid NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    bot_id uuid NOT NULL,
    chat_id bigint NOT NULL,
    -- Decides the ambiguity policy: promostack.delivery.models.Kind.
    kind text NOT NULL,
    method text NOT NULL,
    payload jsonb NOT NULL,
    idempotency_key text NOT NULL,
    due_at timestamptz NOT NULL DEFAULT now(),
    priority smallint NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'leased', 'sent', 'failed', 'ambiguous', 'cancelled')),
    attempts integer NOT NULL DEFAULT 0,
    lease_until timestamptz,
    lease_token text,
    -- Set before the vendor is called: a row with an intent and no outcome may have gone out.
    intent_at timestamptz,
    ambiguities integer NOT NULL DEFAULT 0,
    message_id bigint,
    error_code text,
    error_text text,
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, idempotency_key),
    FOREIGN KEY (tenant_id, bot_id) REFERENCES bots (tenant_id, id)
);
CREATE INDEX outbox_due ON outbox (tenant_id, bot_id, priority, due_at, id) WHERE state = 'waiting';
CREATE INDEX outbox_leased ON outbox (lease_until) WHERE state = 'leased';
CALL isolate_tenants('outbox', 'SELECT, INSERT, UPDATE, DELETE');
CREATE POLICY router_reads ON outbox FOR SELECT TO promostack_router USING (true);
GRANT SELECT (tenant_id, bot_id, state, due_at, lease_until) ON outbox TO promostack_router;

CREATE TABLE bot_limiters (
    tenant_id uuid NOT NULL,
    bot_id uuid NOT NULL,
    -- The first moment that no sender has taken yet.
    next_slot_at timestamptz NOT NULL DEFAULT now(),
    -- Telegram's 429 closes the whole bot until then.
    closed_until timestamptz,
    PRIMARY KEY (tenant_id, bot_id),
    FOREIGN KEY (tenant_id, bot_id) REFERENCES bots (tenant_id, id)
);
CALL isolate_tenants('bot_limiters', 'SELECT, INSERT, UPDATE');

CREATE TABLE telegram_files (
    tenant_id uuid NOT NULL,
    bot_id uuid NOT NULL,
    sha256 text NOT NULL,
    -- A picture sent as a photo and as a file has two ids.
    kind text NOT NULL CHECK (kind IN ('photo', 'document')),
    file_id text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, bot_id, sha256, kind),
    FOREIGN KEY (tenant_id, bot_id) REFERENCES bots (tenant_id, id)
);
CALL isolate_tenants('telegram_files', 'SELECT, INSERT, UPDATE, DELETE');

CREATE TABLE usage_events (
    tenant_id uuid NOT NULL REFERENCES tenants,
    id bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL DEFAULT now(),
    kind text NOT NULL,
    bot_id uuid,
    chat_id bigint,
    user_id bigint,
    data jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX usage_events_by_time ON usage_events (tenant_id, at);
CALL isolate_tenants('usage_events', 'SELECT, INSERT');

CREATE FUNCTION router_bot(wanted text) RETURNS TABLE (tenant_id uuid, bot_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT bots.tenant_id, bots.id FROM bots WHERE public_id = wanted $$;
ALTER FUNCTION router_bot(text) OWNER TO promostack_router;

CREATE FUNCTION router_bots_with_due_messages(most integer) RETURNS TABLE (tenant_id uuid, bot_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT outbox.tenant_id, outbox.bot_id
    FROM outbox
    WHERE (state = 'waiting' AND due_at <= now()) OR (state = 'leased' AND lease_until < now())
    GROUP BY outbox.tenant_id, outbox.bot_id
    ORDER BY min(due_at)
    LIMIT most
$$;
ALTER FUNCTION router_bots_with_due_messages(integer) OWNER TO promostack_router;

CREATE FUNCTION router_stale_updates(most integer) RETURNS TABLE (tenant_id uuid, bot_id uuid, update_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT telegram_updates.tenant_id, telegram_updates.bot_id, telegram_updates.update_id
    FROM telegram_updates
    WHERE state IN ('leased', 'waiting') AND lease_until < now()
    ORDER BY lease_until
    LIMIT most
$$;
ALTER FUNCTION router_stale_updates(integer) OWNER TO promostack_router;

REVOKE EXECUTE ON FUNCTION router_bot(text), router_bots_with_due_messages(integer), router_stale_updates(integer)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION router_bot(text), router_bots_with_due_messages(integer), router_stale_updates(integer)
    TO promostack_app;
