-- name: find_render
-- The picture made from exactly these inputs.
SELECT object_key, sha256, bytes, width, height, media_type, last_used_at < %(now)s - interval '1 day' AS is_stale
FROM renders
WHERE tenant_id = %(tenant_id)s
    AND render_key = %(render_key)s
    AND expiring_at IS NULL

-- name: touch_render
-- Notes that a picture is still in use; pictures unused for 90 days expire.
UPDATE renders
SET last_used_at = %(now)s
WHERE tenant_id = %(tenant_id)s
    AND render_key = %(render_key)s

-- name: insert_render
-- Adds a picture; of two that rendered the same at once, one row stays, and one about to be removed is in use again.
INSERT INTO renders (tenant_id, render_key, version_id, object_key, sha256, bytes, width, height, media_type,
    last_used_at)
VALUES (%(tenant_id)s, %(render_key)s, %(version_id)s, %(object_key)s, %(sha256)s, %(bytes)s, %(width)s, %(height)s,
    %(media_type)s, %(now)s)
ON CONFLICT (tenant_id, render_key) DO UPDATE
SET version_id = excluded.version_id, object_key = excluded.object_key, sha256 = excluded.sha256,
    bytes = excluded.bytes, width = excluded.width, height = excluded.height, media_type = excluded.media_type,
    last_used_at = excluded.last_used_at, expiring_at = NULL
WHERE renders.tenant_id = %(tenant_id)s AND renders.expiring_at IS NOT NULL

-- name: add_upload
-- Notes that a file is going to be sent.
INSERT INTO uploads (tenant_id, id, purpose, media_type, bytes, created_by, created_at)
VALUES (%(tenant_id)s, %(id)s, %(purpose)s, %(media_type)s, %(bytes)s, %(created_by)s, %(now)s)

-- name: find_upload
-- A file on its way, or what became of it.
SELECT purpose, media_type, bytes, state, reason, published_key, picture
FROM uploads
WHERE tenant_id = %(tenant_id)s AND id = %(id)s

-- name: intend_upload
-- Notes under which name a file is about to be published; no row when it is finished, or another content was first.
UPDATE uploads
SET published_key = %(key)s
WHERE tenant_id = %(tenant_id)s AND id = %(id)s AND state = 'waiting'
    AND published_key IS NOT DISTINCT FROM %(before)s

-- name: finish_upload
-- The file is published; no row when another call finished or refused it first.
UPDATE uploads
SET state = 'done', picture = %(picture)s, finished_at = %(now)s
WHERE tenant_id = %(tenant_id)s AND id = %(id)s AND state = 'waiting' AND published_key = %(key)s

-- name: refuse_upload
-- The file is not taken, and why.
UPDATE uploads
SET state = 'refused', reason = %(reason)s, finished_at = %(now)s
WHERE tenant_id = %(tenant_id)s AND id = %(id)s AND state = 'waiting'

-- name: end_unfinished_uploads
-- Files that nobody finished in time are refused, so that no call can publish what is about to be dropped.
UPDATE uploads
SET state = 'refused', reason = %(reason)s, finished_at = %(now)s
WHERE tenant_id = %(tenant_id)s AND created_at < %(before)s AND state = 'waiting'

-- name: uploads_to_sweep
-- Files whose leave to be sent ended long ago, and whose original may still lie there.
SELECT id, state, published_key
FROM uploads
WHERE tenant_id = %(tenant_id)s AND created_at < %(before)s AND swept_at IS NULL
ORDER BY created_at
LIMIT %(most)s

-- name: note_replaced_logos
-- Since when logos are not the tenant's any more; one that is again, or that a template shows, is not replaced.
UPDATE uploads AS logo
SET replaced_at = CASE WHEN found.is_used THEN NULL ELSE %(now)s END
FROM (
    SELECT kept.id,
        EXISTS (
            SELECT FROM tenants
            WHERE tenant_id = %(tenant_id)s AND settings ->> 'logo_key' = kept.published_key
        ) OR EXISTS (
            SELECT FROM template_versions
            WHERE tenant_id = %(tenant_id)s AND strpos(document::text, kept.published_key) > 0
        ) OR EXISTS (
            SELECT FROM template_drafts
            WHERE tenant_id = %(tenant_id)s AND strpos(document::text, kept.published_key) > 0
        ) AS is_used
    FROM uploads AS kept
    WHERE kept.tenant_id = %(tenant_id)s AND kept.purpose = 'logo' AND kept.state = 'done'
) AS found
WHERE logo.tenant_id = %(tenant_id)s AND logo.id = found.id AND (logo.replaced_at IS NULL) <> found.is_used

-- name: end_replaced_files
-- Logos replaced and fonts removed long ago go, those whose removal was cut short too; no font that a version is set in.
UPDATE uploads
SET state = 'refused', reason = %(reason)s
WHERE tenant_id = %(tenant_id)s
    AND id IN (
        SELECT kept.id
        FROM uploads AS kept
        WHERE kept.tenant_id = %(tenant_id)s AND kept.purpose IN ('logo', 'font')
            AND (
                (kept.state = 'done' AND kept.replaced_at < %(before)s)
                OR (kept.state = 'refused' AND kept.reason = %(reason)s)
            )
            AND (kept.purpose = 'logo' OR NOT EXISTS (
                SELECT FROM template_versions
                WHERE tenant_id = %(tenant_id)s AND strpos(document::text, kept.published_key) > 0
            ) AND NOT EXISTS (
                SELECT FROM template_drafts
                WHERE tenant_id = %(tenant_id)s AND strpos(document::text, kept.published_key) > 0
            ))
        ORDER BY kept.replaced_at
        LIMIT %(most)s
    )
RETURNING id, published_key

-- name: drop_unfinished_upload
-- Forgets a file that never was finished, or one that is not the tenant's any more.
DELETE FROM uploads
WHERE tenant_id = %(tenant_id)s AND id = %(id)s AND state = 'refused' AND reason = %(reason)s

-- name: mark_upload_swept
-- Nothing of the original is left.
UPDATE uploads
SET swept_at = %(now)s
WHERE tenant_id = %(tenant_id)s AND id = %(id)s

-- name: expire_renders
-- Takes pictures that nobody asked for out of use, those included whose removal was cut short; most at a time.
UPDATE renders
SET expiring_at = %(now)s
WHERE tenant_id = %(tenant_id)s
    AND render_key IN (
        SELECT render_key
        FROM renders
        WHERE tenant_id = %(tenant_id)s AND last_used_at < %(before)s
        ORDER BY last_used_at
        LIMIT %(most)s
        FOR UPDATE SKIP LOCKED
    )
RETURNING object_key

-- name: is_shown
-- Whether a picture in use has that object.
SELECT EXISTS (
    SELECT FROM renders
    WHERE tenant_id = %(tenant_id)s AND object_key = %(key)s AND expiring_at IS NULL
)

-- name: drop_expired_renders
-- Forgets pictures whose object is shown by another one, or gone.
DELETE FROM renders
WHERE tenant_id = %(tenant_id)s AND object_key = %(key)s AND (expiring_at IS NOT NULL OR %(is_gone)s)

-- name: list_all
-- One page of all of a tenant's templates in its order, shown or not, with the pictures made since a moment.
SELECT template.slug, template.name, template.web_visible, template.bot_visible, template.archived, template.position,
    version.number, version.published_at, version.thumbnail_key, coalesce(counted.pictures, 0) AS pictures,
    draft.document IS NOT NULL AS is_changed
FROM templates AS template
LEFT JOIN template_versions AS version
    ON version.tenant_id = template.tenant_id
    AND version.template_id = template.template_id
    AND version.number = template.published_number
LEFT JOIN template_drafts AS draft
    ON draft.tenant_id = template.tenant_id
    AND draft.template_id = template.template_id
LEFT JOIN (
    SELECT made.template_id, count(*) AS pictures
    FROM renders AS picture
    JOIN template_versions AS made
        ON made.tenant_id = picture.tenant_id
        AND made.version_id = picture.version_id
    WHERE picture.tenant_id = %(tenant_id)s
        AND picture.created_at >= %(since)s
    GROUP BY made.template_id
) AS counted
    ON counted.template_id = template.template_id
WHERE template.tenant_id = %(tenant_id)s
    AND (template.position, template.slug) > (%(after_position)s, %(after_slug)s)
ORDER BY template.position, template.slug
LIMIT %(most)s

-- name: lock_templates
-- The named templates, or all, held until the change of their switches or their order is over.
SELECT slug, web_visible, bot_visible, archived, published_number
FROM templates
WHERE tenant_id = %(tenant_id)s
    AND (%(slugs)s::text[] IS NULL OR slug = ANY(%(slugs)s::text[]))
ORDER BY slug
FOR UPDATE

-- name: switch_templates
-- Turns the three switches of several templates; a null leaves one as it is.
UPDATE templates
SET web_visible = coalesce(%(web)s, web_visible),
    bot_visible = coalesce(%(bot)s, bot_visible),
    archived = coalesce(%(archived)s, archived)
WHERE tenant_id = %(tenant_id)s
    AND slug = ANY(%(slugs)s::text[])

-- name: order_templates
-- The named templates first, in the order named; the others behind them as they were.
UPDATE templates AS template
SET position = placed.place
FROM (
    SELECT template_id,
        row_number() OVER (ORDER BY array_position(%(slugs)s::text[], slug) NULLS LAST, position, slug) AS place
    FROM templates
    WHERE tenant_id = %(tenant_id)s
) AS placed
WHERE template.tenant_id = %(tenant_id)s
    AND template.template_id = placed.template_id
    AND template.position <> placed.place

-- name: list_versions
-- One page of a template's versions, the newest first.
SELECT version.number, version.created_at, version.thumbnail_key,
    version.number = template.published_number AS is_published
FROM templates AS template
JOIN template_versions AS version
    ON version.tenant_id = template.tenant_id
    AND version.template_id = template.template_id
WHERE template.tenant_id = %(tenant_id)s
    AND template.slug = %(slug)s
    AND version.number < %(before_number)s
ORDER BY version.number DESC
LIMIT %(most)s

-- name: restore_version
-- Makes another version of a template the one that new pictures come from, if there is such a version.
UPDATE templates AS template
SET published_number = %(number)s
WHERE template.tenant_id = %(tenant_id)s
    AND template.slug = %(slug)s
    AND EXISTS (
        SELECT 1
        FROM template_versions AS version
        WHERE version.tenant_id = template.tenant_id
            AND version.template_id = template.template_id
            AND version.number = %(number)s
    )

-- name: find_draft
-- A template's draft, or its published version while nothing is changed.
SELECT template.slug, coalesce(draft.document, version.document) AS document, coalesce(draft.revision, 0) AS revision,
    version.number, draft.document IS NOT NULL AS is_changed, draft.saved_at,
    (
        SELECT users.email
        FROM users
        JOIN memberships ON memberships.tenant_id = %(tenant_id)s AND memberships.user_id = users.user_id
        WHERE memberships.tenant_id = %(tenant_id)s AND users.user_id::text = draft.saved_by
    ) AS saved_by
FROM templates AS template
LEFT JOIN template_versions AS version
    ON version.tenant_id = template.tenant_id
    AND version.template_id = template.template_id
    AND version.number = template.published_number
LEFT JOIN template_drafts AS draft
    ON draft.tenant_id = template.tenant_id
    AND draft.template_id = template.template_id
WHERE template.tenant_id = %(tenant_id)s
    AND template.slug = %(slug)s
    AND (draft.document IS NOT NULL OR version.document IS NOT NULL)

-- name: put_draft
-- Saves, or with a null ends, a template's draft; its revision grows either way.
INSERT INTO template_drafts AS draft (tenant_id, template_id, revision, document, saved_by, saved_at)
SELECT %(tenant_id)s, template_id, 1, %(document)s, %(saved_by)s, %(now)s
FROM templates
WHERE tenant_id = %(tenant_id)s
    AND slug = %(slug)s
ON CONFLICT (tenant_id, template_id) DO UPDATE
SET revision = draft.revision + 1, document = excluded.document, saved_by = excluded.saved_by,
    saved_at = excluded.saved_at
RETURNING revision

-- name: find_version_document
-- The document of a template's version by its number.
SELECT version.document
FROM templates AS template
JOIN template_versions AS version
    ON version.tenant_id = template.tenant_id
    AND version.template_id = template.template_id
WHERE template.tenant_id = %(tenant_id)s
    AND template.slug = %(slug)s
    AND version.number = %(number)s

-- name: find_pictures
-- Those of the named objects that are pictures in the tenant's library.
SELECT published_key
FROM uploads
WHERE tenant_id = %(tenant_id)s
    AND purpose = 'picture'
    AND state = 'done'
    AND published_key = ANY(%(keys)s::text[])

-- name: find_fonts
-- Those of the named objects that are fonts of the tenant, with what their layers call them.
SELECT published_key, picture ->> 'family' AS family
FROM uploads
WHERE tenant_id = %(tenant_id)s
    AND purpose = 'font'
    AND state = 'done'
    AND replaced_at IS NULL
    AND published_key = ANY(%(keys)s::text[])

-- name: list_fonts
-- The tenant's fonts, the oldest first.
SELECT id, published_key, picture, finished_at
FROM uploads
WHERE tenant_id = %(tenant_id)s
    AND purpose = 'font'
    AND state = 'done'
    AND replaced_at IS NULL
ORDER BY finished_at, id
LIMIT %(most)s

-- name: find_font
-- One font of the tenant, held until the change is over.
SELECT published_key, picture ->> 'family' AS family
FROM uploads
WHERE tenant_id = %(tenant_id)s
    AND id = %(id)s
    AND purpose = 'font'
    AND state = 'done'
    AND replaced_at IS NULL
FOR UPDATE

-- name: templates_with_file
-- Names of the templates whose draft, or version in use, names an object.
SELECT template.name
FROM templates AS template
LEFT JOIN template_versions AS version
    ON version.tenant_id = template.tenant_id
    AND version.template_id = template.template_id
    AND version.number = template.published_number
LEFT JOIN template_drafts AS draft
    ON draft.tenant_id = template.tenant_id
    AND draft.template_id = template.template_id
WHERE template.tenant_id = %(tenant_id)s
    AND (strpos(version.document::text, %(key)s) > 0 OR strpos(draft.document::text, %(key)s) > 0)
ORDER BY template.name, template.slug

-- name: remove_font
-- Takes a font out of the tenant's library; its file goes later.
UPDATE uploads
SET replaced_at = %(now)s
WHERE tenant_id = %(tenant_id)s
    AND id = %(id)s

-- name: list_pictures
-- One page of the tenant's library of pictures, the newest first.
SELECT id, published_key, picture, finished_at
FROM uploads
WHERE tenant_id = %(tenant_id)s
    AND purpose = 'picture'
    AND state = 'done'
    AND (%(before_at)s::timestamptz IS NULL OR (finished_at, id) < (%(before_at)s, %(before_id)s::uuid))
ORDER BY finished_at DESC, id DESC
LIMIT %(most)s

-- name: add_template
-- A new template without a version; nothing when its slug is taken.
INSERT INTO templates (tenant_id, template_id, slug, name)
VALUES (%(tenant_id)s, %(template_id)s, %(slug)s, %(name)s)
ON CONFLICT (tenant_id, slug) DO NOTHING

-- name: find_usable
-- The published version of a template that is not archived, wherever it is shown.
SELECT template.template_id, version.version_id, version.number, template.slug, template.name, version.document
FROM templates AS template
JOIN template_versions AS version
    ON version.tenant_id = template.tenant_id
    AND version.template_id = template.template_id
    AND version.number = template.published_number
WHERE template.tenant_id = %(tenant_id)s
    AND template.slug = %(slug)s
    AND NOT template.archived

-- name: find_version_by_id
-- A version of a template, published or not any more.
SELECT template.template_id, version.version_id, version.number, template.slug, template.name, version.document
FROM template_versions AS version
JOIN templates AS template
    ON template.tenant_id = version.tenant_id
    AND template.template_id = version.template_id
WHERE version.tenant_id = %(tenant_id)s
    AND version.version_id = %(version_id)s

-- name: add_batch
-- Asks for a batch.
INSERT INTO picture_batches (tenant_id, id, version_id, template, wanted, codes, codes_total, left_out, asked_by,
    created_at)
VALUES (%(tenant_id)s, %(id)s, %(version_id)s, %(template)s, %(wanted)s, %(codes)s, %(codes_total)s, %(left_out)s,
    %(asked_by)s, %(now)s)

-- name: has_open_batch
-- Is a batch waiting or being made?
SELECT true
FROM picture_batches
WHERE tenant_id = %(tenant_id)s
    AND state IN ('waiting', 'running')
LIMIT 1

-- name: list_batches
-- The newest batches, without their codes.
SELECT id, state, template, wanted, codes_total, codes_done, pictures, left_out, created_at, parts, finished_at,
    expires_at
FROM picture_batches
WHERE tenant_id = %(tenant_id)s
ORDER BY created_at DESC, id
LIMIT %(most)s

-- name: find_batch
-- One batch, without its codes.
SELECT id, state, template, wanted, codes_total, codes_done, pictures, left_out, created_at, parts, finished_at,
    expires_at
FROM picture_batches
WHERE tenant_id = %(tenant_id)s
    AND id = %(id)s

-- name: cancel_batch
-- Stops a batch; whoever makes it loses it, and its files go with the next tick.
UPDATE picture_batches
SET state = 'cancelled', finished_at = %(now)s, expires_at = %(now)s, lease_token = NULL
WHERE tenant_id = %(tenant_id)s
    AND id = %(id)s
    AND state IN ('waiting', 'running')

-- name: take_batch
-- The batch that waits, or whose maker died, for whoever makes it now.
UPDATE picture_batches
SET state = 'running', attempts = attempts + 1, lease_token = %(lease_token)s,
    lease_until = now() + %(lease_s)s * interval '1 second'
WHERE tenant_id = %(tenant_id)s
    AND (state = 'waiting' OR (state = 'running' AND lease_until < now()))
RETURNING id, version_id, wanted, codes, codes_done, left_out, segments, attempts, asked_by

-- name: note_batch
-- How far a batch is; touches nothing when it was cancelled, or another maker has taken it over.
UPDATE picture_batches
SET pictures = %(pictures)s, lease_until = now() + %(lease_s)s * interval '1 second'
WHERE tenant_id = %(tenant_id)s
    AND id = %(id)s
    AND state = 'running'
    AND lease_token = %(lease_token)s

-- name: keep_segment
-- A segment lies in the store: its codes are done.
UPDATE picture_batches
SET segments = %(segments)s, codes_done = %(codes_done)s, pictures = %(pictures)s, left_out = %(left_out)s,
    attempts = 0, lease_until = now() + %(lease_s)s * interval '1 second'
WHERE tenant_id = %(tenant_id)s
    AND id = %(id)s
    AND state = 'running'
    AND lease_token = %(lease_token)s

-- name: hand_batch_back
-- The maker's time is up; the next one goes on at once, or after a pause.
UPDATE picture_batches
SET state = CASE WHEN %(pause_s)s > 0 THEN 'running' ELSE 'waiting' END, lease_token = NULL,
    lease_until = now() + %(pause_s)s * interval '1 second'
WHERE tenant_id = %(tenant_id)s
    AND id = %(id)s
    AND state = 'running'
    AND lease_token = %(lease_token)s

-- name: finish_batch
-- The archives are there; touches nothing when it was cancelled, or another maker has taken it over.
UPDATE picture_batches
SET state = 'done', parts = %(parts)s, segments = '[]', finished_at = %(now)s, expires_at = %(expires_at)s,
    lease_token = NULL
WHERE tenant_id = %(tenant_id)s
    AND id = %(id)s
    AND state = 'running'
    AND lease_token = %(lease_token)s

-- name: fail_batch
-- The batch could not be made, however often it was tried.
UPDATE picture_batches
SET state = 'failed', finished_at = %(now)s, expires_at = %(now)s, lease_token = NULL
WHERE tenant_id = %(tenant_id)s
    AND id = %(id)s
    AND state = 'running'
    AND lease_token = %(lease_token)s

-- name: batches_to_clear
-- Batches whose files are to go: their time is over, or they came to nothing.
SELECT id
FROM picture_batches
WHERE tenant_id = %(tenant_id)s
    AND state IN ('done', 'failed', 'cancelled')
    AND expires_at <= %(now)s

-- name: forget_batch
-- The files of a batch are gone, and with them its codes.
UPDATE picture_batches
SET state = CASE state WHEN 'done' THEN 'expired' ELSE state END, expires_at = NULL, codes = '[]', parts = '[]',
    segments = '[]'
WHERE tenant_id = %(tenant_id)s
    AND id = %(id)s
    AND state IN ('done', 'failed', 'cancelled')

-- name: tenants_with_batches
-- scope: global, because the tick looks for all of them; the router's function returns ids only.
SELECT tenant_id
FROM router_tenants_with_batches(%(most)s)

-- name: find_shareable
-- The published version of a template, whatever shows it.
SELECT version.document, version.thumbnail_key
FROM templates AS template
JOIN template_versions AS version
    ON version.tenant_id = template.tenant_id
    AND version.template_id = template.template_id
    AND version.number = template.published_number
WHERE template.tenant_id = %(tenant_id)s
    AND template.slug = %(slug)s

-- name: find_given
-- What a tenant has under a slug, held until the change is over.
SELECT template.given_sha256, version.document_sha256,
    EXISTS (
        SELECT FROM template_drafts AS draft
        WHERE draft.tenant_id = %(tenant_id)s
            AND draft.template_id = template.template_id
            AND draft.document IS NOT NULL
    ) AS is_changed
FROM templates AS template
LEFT JOIN template_versions AS version
    ON version.tenant_id = template.tenant_id
    AND version.template_id = template.template_id
    AND version.number = template.published_number
WHERE template.tenant_id = %(tenant_id)s
    AND template.slug = %(slug)s
FOR UPDATE OF template

-- name: note_given
-- Makes the template, behind all others, or notes what it is given now.
INSERT INTO templates AS known (tenant_id, template_id, slug, name, position, given_sha256)
SELECT %(tenant_id)s, %(template_id)s, %(slug)s, %(name)s, coalesce(max(position), 0) + 1, %(sha256)s
FROM templates
WHERE tenant_id = %(tenant_id)s
ON CONFLICT (tenant_id, slug) DO UPDATE
SET given_sha256 = EXCLUDED.given_sha256
