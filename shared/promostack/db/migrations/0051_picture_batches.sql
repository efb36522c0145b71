-- Batches: pictures of many codes in one archive, made by work/batch; files lie in the private bucket under
-- batches/<tenant_id>/<id>, in segments until the archive is whole.
CREATE TABLE picture_batches (
    tenant_id uuid NOT NULL REFERENCES tenants,
    id uuid NOT NULL,
    state text NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled', 'expired')),
    -- The version that counted when it was asked for: all of its pictures are of one.
    version_id uuid NOT NULL,
    template text NOT NULL,
    -- promostack.publishing.batches.Wanted.
    wanted jsonb NOT NULL,
    -- [[code, row of the list], …]; emptied with the files.
    codes jsonb NOT NULL,
    codes_total integer NOT NULL CHECK (codes_total > 0),
    -- So many codes are in segments, or left out.
    codes_done integer NOT NULL DEFAULT 0,
    pictures integer NOT NULL DEFAULT 0,
    -- Rows of which there is no picture, and why: promostack.publishing.batch_files.LeftOut.
    left_out jsonb NOT NULL DEFAULT '[]',
    -- The segments: key and number of pictures.
    segments jsonb NOT NULL DEFAULT '[]',
    asked_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    -- Tries since the last segment.
    attempts integer NOT NULL DEFAULT 0,
    lease_until timestamptz,
    lease_token text,
    -- The archives: promostack.publishing.batches.Part.
    parts jsonb NOT NULL DEFAULT '[]',
    finished_at timestamptz,
    expires_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, version_id) REFERENCES template_versions
);
-- One at a time.
CREATE UNIQUE INDEX picture_batches_open ON picture_batches (tenant_id) WHERE state IN ('waiting', 'running');
CALL isolate_tenants('picture_batches', 'SELECT, INSERT, UPDATE, DELETE');
CREATE POLICY router_reads ON picture_batches FOR SELECT TO promostack_router USING (true);
GRANT SELECT (tenant_id, state, lease_until, expires_at) ON picture_batches TO promostack_router;

-- Tenants with a batch to make, or with one whose files are to be cleared away.
CREATE FUNCTION router_tenants_with_batches(most integer) RETURNS TABLE (tenant_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT DISTINCT batches.tenant_id
    FROM picture_batches AS batches
    WHERE batches.state = 'waiting' OR (batches.state = 'running' AND batches.lease_until < now())
        OR (batches.state IN ('done', 'failed', 'cancelled') AND batches.expires_at < now())
    ORDER BY 1
    LIMIT most
$$;
ALTER FUNCTION router_tenants_with_batches(integer) OWNER TO promostack_router;
REVOKE EXECUTE ON FUNCTION router_tenants_with_batches(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION router_tenants_with_batches(integer) TO promostack_app;
