-- Leaving: a tenant's export, its deletion after a delay, the erasure of one person.

-- Who deletes for good. As a member of the app's role it stands under the same policies; what it may do beyond the app is
-- done by the functions below alone, which look for themselves whether it was asked for.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'promostack_eraser') THEN
        CREATE ROLE promostack_eraser NOLOGIN;
    END IF;
    IF NOT pg_has_role('promostack_eraser', 'promostack_app', 'MEMBER') THEN
        GRANT promostack_app TO promostack_eraser;
    END IF;
    EXECUTE format('GRANT promostack_eraser TO %I', current_user);
END
$$;
GRANT USAGE, CREATE ON SCHEMA public TO promostack_eraser;

CREATE OR REPLACE PROCEDURE isolate_tenants(target regclass, app_rights text)
LANGUAGE plpgsql
AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
    EXECUTE format(
        'CREATE POLICY own_tenant ON %s TO promostack_app, promostack_read'
        ' USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())', target);
    EXECUTE format('GRANT %s ON %s TO promostack_app', app_rights, target);
    EXECUTE format('GRANT SELECT ON %s TO promostack_read', target);
    EXECUTE format('GRANT DELETE ON %s TO promostack_eraser', target);
END
$$;

-- All tables that hold tenants' rows, those that others refer to first. A key that can wait until the end of a
-- transaction gives no order: two tables that refer to each other have one such key.
CREATE FUNCTION tenant_tables() RETURNS TABLE (name text, depth integer)
LANGUAGE sql STABLE SET search_path = public, pg_temp
AS $$
    WITH RECURSIVE of_tenants AS (
        SELECT c.oid, c.relname
        FROM pg_class AS c
        JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND a.attnotnull
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
    ), keys AS (
        SELECT DISTINCT conrelid, confrelid
        FROM pg_constraint
        WHERE contype = 'f' AND NOT condeferrable AND conrelid <> confrelid
    ), reached AS (
        SELECT oid, 0 AS depth
        FROM of_tenants
        UNION
        SELECT keys.conrelid, reached.depth + 1
        FROM reached
        JOIN keys ON keys.confrelid = reached.oid
        WHERE reached.depth < 30
    )
    SELECT of_tenants.relname::text, max(reached.depth)
    FROM reached
    JOIN of_tenants ON of_tenants.oid = reached.oid
    GROUP BY of_tenants.relname
    ORDER BY 2, 1
$$;
REVOKE EXECUTE ON FUNCTION tenant_tables() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tenant_tables() TO promostack_app;

-- A template names its published version, which names the template.
ALTER TABLE templates ALTER CONSTRAINT templates_tenant_id_template_id_published_number_fkey DEFERRABLE;

DO $$
DECLARE
    each_name text;
BEGIN
    FOR each_name IN SELECT name FROM tenant_tables() LOOP
        EXECUTE format('GRANT DELETE ON %I TO promostack_eraser', each_name);
    END LOOP;
END
$$;

-- A page of a tenant's rows as JSON, in the order of the primary key, after the row whose JSON is `after`. Left out is
-- what reports may not read either (secrets), hashes of tokens, and what the database works out itself.
CREATE FUNCTION tenant_page(target text, after json, most integer) RETURNS TABLE (line text)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp
AS $$
DECLARE
    source regclass;
    shown text;
    ordered text;
BEGIN
    SELECT c.oid INTO STRICT source
    FROM pg_class AS c
    JOIN tenant_tables() AS known ON known.name = c.relname
    WHERE c.relnamespace = 'public'::regnamespace AND c.relname = target;
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO shown
    FROM pg_attribute
    WHERE attrelid = source AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
        AND attname !~ '(secret|token)_hash$'
        AND has_column_privilege('promostack_read', source, attnum, 'SELECT');
    IF shown IS NULL THEN
        RETURN;
    END IF;
    SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY array_position(i.indkey::int2[], a.attnum)) INTO ordered
    FROM pg_index AS i
    JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
    WHERE i.indrelid = source AND i.indisprimary;
    RETURN QUERY EXECUTE format(
        'SELECT row_to_json(page)::text FROM (SELECT %1$s FROM %2$s WHERE tenant_id = current_tenant()'
        ' AND ($1 IS NULL OR (%3$s) > (SELECT %3$s FROM json_populate_record(NULL::%2$s, $1)))'
        ' ORDER BY %3$s LIMIT $2) AS page', shown, source, ordered)
        USING after, most;
END
$$;
REVOKE EXECUTE ON FUNCTION tenant_page(text, json, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tenant_page(text, json, integer) TO promostack_app;

-- A tenant that leaves is `closing`: everything stops as for a suspended one, and at `erase_at` it is deleted for good.
ALTER TABLE tenants DROP CONSTRAINT tenants_state_check;
ALTER TABLE tenants ADD CONSTRAINT tenants_state_check CHECK (state IN ('active', 'suspended', 'closing'));
ALTER TABLE tenants
    ADD COLUMN erase_at timestamptz,
    ADD CONSTRAINT tenants_leave_at_a_time CHECK ((state = 'closing') = (erase_at IS NOT NULL));

CREATE OR REPLACE FUNCTION bots_follow_tenant() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp
AS $$
BEGIN
    IF NEW.state = 'active' THEN
        UPDATE bots SET state = 'active' WHERE bots.tenant_id = NEW.tenant_id AND bots.state = 'suspended';
    ELSE
        UPDATE bots SET state = 'suspended' WHERE bots.tenant_id = NEW.tenant_id AND bots.state = 'active';
    END IF;
    RETURN NULL;
END
$$;

-- What is left of a deleted tenant: that it was deleted, when, and how much; no name and nothing of its content.
CREATE TABLE tenant_deletions (
    former_id uuid PRIMARY KEY,
    -- `owner`, or `admin:<e-mail>` for the platform's people.
    asked_by text NOT NULL,
    asked_at timestamptz NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    -- How many went, by table.
    rows jsonb NOT NULL DEFAULT '{}',
    files integer NOT NULL DEFAULT 0
);
ALTER TABLE tenant_deletions ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenant_deletions FORCE ROW LEVEL SECURITY;
CREATE POLICY app_records ON tenant_deletions TO promostack_app USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE (finished_at, rows, files) ON tenant_deletions TO promostack_app;

-- Files of all that a tenant has, made by work/leaving; they lie in the private bucket under exports/<tenant_id>/<id>.
CREATE TABLE tenant_exports (
    tenant_id uuid NOT NULL REFERENCES tenants,
    id uuid NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done', 'failed', 'expired')),
    asked_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    attempts integer NOT NULL DEFAULT 0,
    lease_until timestamptz,
    lease_token text,
    rows_done bigint NOT NULL DEFAULT 0,
    files_done integer NOT NULL DEFAULT 0,
    files_total integer,
    -- The archives: promostack.leaving.models.Part.
    parts jsonb NOT NULL DEFAULT '[]',
    finished_at timestamptz,
    expires_at timestamptz,
    PRIMARY KEY (tenant_id, id)
);
-- One at a time.
CREATE UNIQUE INDEX tenant_exports_open ON tenant_exports (tenant_id) WHERE state IN ('waiting', 'running');
CALL isolate_tenants('tenant_exports', 'SELECT, INSERT, UPDATE, DELETE');
CREATE POLICY router_reads ON tenant_exports FOR SELECT TO promostack_router USING (true);
GRANT SELECT (tenant_id, state, lease_until, expires_at) ON tenant_exports TO promostack_router;

-- Somebody who wrote to the tenant's bots and wants to be forgotten; the number goes when it is done.
CREATE TABLE person_erasures (
    tenant_id uuid NOT NULL REFERENCES tenants,
    id uuid NOT NULL,
    person bigint CHECK (person > 0),
    -- Takes the person's place where figures are kept: random, and below zero, where Telegram has no people.
    stand_in bigint NOT NULL CHECK (stand_in < 0),
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done')),
    asked_by text NOT NULL,
    asked_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, person),
    CHECK ((state = 'done') = (person IS NULL))
);
CALL isolate_tenants('person_erasures', 'SELECT, INSERT, UPDATE');
CREATE POLICY router_reads ON person_erasures FOR SELECT TO promostack_router USING (true);
GRANT SELECT (tenant_id, state) ON person_erasures TO promostack_router;
GRANT SELECT (erase_at) ON tenants TO promostack_router;

-- Tenants with an export to make or to clear away, a person to forget, or themselves to be deleted: once for each of them.
CREATE FUNCTION router_tenants_leaving(most integer) RETURNS TABLE (tenant_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT exports.tenant_id FROM tenant_exports AS exports
    WHERE exports.state = 'waiting' OR (exports.state = 'running' AND exports.lease_until < now())
        OR (exports.state = 'done' AND exports.expires_at < now())
    UNION ALL
    SELECT erasures.tenant_id FROM person_erasures AS erasures WHERE erasures.state = 'waiting'
    UNION ALL
    SELECT tenants.tenant_id FROM tenants WHERE tenants.erase_at < now()
    ORDER BY 1
    LIMIT most
$$;
ALTER FUNCTION router_tenants_leaving(integer) OWNER TO promostack_router;
REVOKE EXECUTE ON FUNCTION router_tenants_leaving(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION router_tenants_leaving(integer) TO promostack_app;

-- Deletes up to `most` rows of one table of a tenant whose time has come; answers how many went. People who belong to no
-- other tenant go with their place.
CREATE FUNCTION erase_tenant_rows(target text, most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    callers_person text := coalesce(current_setting('app.user_id', true), '');
    people uuid[];
    each_id uuid;
    gone bigint;
BEGIN
    IF NOT EXISTS (
        SELECT FROM tenants WHERE tenant_id = current_tenant() AND state = 'closing' AND erase_at < now()
    ) OR NOT EXISTS (SELECT FROM tenant_tables() WHERE name = target) THEN
        RAISE EXCEPTION 'nothing of this is to be erased' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF target = 'template_versions' THEN
        UPDATE templates SET published_number = NULL
        WHERE tenant_id = current_tenant() AND published_number IS NOT NULL;
    END IF;
    IF target = 'memberships' THEN
        SELECT array_agg(user_id) INTO people FROM memberships WHERE tenant_id = current_tenant();
    END IF;
    EXECUTE format(
        'DELETE FROM %1$I WHERE tenant_id = current_tenant() AND ctid = ANY (ARRAY('
        'SELECT ctid FROM %1$I WHERE tenant_id = current_tenant() LIMIT $1))', target)
        USING most;
    GET DIAGNOSTICS gone = ROW_COUNT;
    FOREACH each_id IN ARRAY coalesce(people, '{}') LOOP
        PERFORM set_config('app.user_id', each_id::text, true);
        UPDATE users SET last_tenant_id = NULL WHERE user_id = each_id AND last_tenant_id = current_tenant();
        IF NOT EXISTS (SELECT FROM router_tenants_of(each_id)) THEN
            DELETE FROM users WHERE user_id = each_id;
        END IF;
    END LOOP;
    PERFORM set_config('app.user_id', callers_person, true);
    RETURN gone;
END
$$;
ALTER FUNCTION erase_tenant_rows(text, integer) OWNER TO promostack_eraser;
REVOKE EXECUTE ON FUNCTION erase_tenant_rows(text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erase_tenant_rows(text, integer) TO promostack_app;
GRANT DELETE ON users TO promostack_eraser;

-- Up to `most` events of a person become those of nobody: what happened and when stays, what he typed does not. Only for
-- somebody who is to be erased here; answers how many were changed. The rest of him the app may delete itself.
CREATE FUNCTION erase_person_events(erased bigint, most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    nobody bigint;
    gone bigint;
BEGIN
    SELECT stand_in INTO nobody
    FROM person_erasures
    WHERE tenant_id = current_tenant() AND person = erased;
    IF nobody IS NULL THEN
        RETURN 0;
    END IF;
    UPDATE people_seen SET user_id = nobody WHERE tenant_id = current_tenant() AND user_id = erased;
    UPDATE usage_events
    SET user_id = CASE WHEN user_id = erased THEN nobody ELSE user_id END,
        chat_id = CASE WHEN chat_id = erased THEN nobody ELSE chat_id END,
        data = CASE
            WHEN kind IN ('rendered', 'file_sent', 'qr_sent', 'code_valid', 'posted') THEN data
            ELSE data - 'code'
        END
    WHERE tenant_id = current_tenant() AND id = ANY (ARRAY(
        SELECT id FROM usage_events
        WHERE tenant_id = current_tenant() AND (user_id = erased OR chat_id = erased)
        LIMIT most
    ));
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END
$$;
ALTER FUNCTION erase_person_events(bigint, integer) OWNER TO promostack_eraser;
REVOKE EXECUTE ON FUNCTION erase_person_events(bigint, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erase_person_events(bigint, integer) TO promostack_app;
GRANT UPDATE (user_id, chat_id, data) ON usage_events TO promostack_eraser;
GRANT UPDATE (user_id) ON people_seen TO promostack_eraser;
