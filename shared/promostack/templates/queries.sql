-- name: list_published
-- One page of a channel's gallery, in the tenant's order; formats keep the document's order.
SELECT template.template_id, version.version_id, template.slug, template.name, template.position, version.thumbnail_key,
    version.formats
FROM templates AS template
JOIN template_versions AS version
    ON version.tenant_id = template.tenant_id
    AND version.template_id = template.template_id
    AND version.number = template.published_number
WHERE template.tenant_id = %(tenant_id)s
    AND NOT template.archived
    AND CASE %(channel)s WHEN 'web' THEN template.web_visible WHEN 'bot' THEN template.bot_visible ELSE false END
    AND (template.position, template.slug) > (%(after_position)s, %(after_slug)s)
ORDER BY template.position, template.slug
LIMIT %(most)s

-- name: find_published
-- The published version of a template that the channel shows.
SELECT template.template_id, version.version_id, version.number, template.slug, template.name
FROM templates AS template
JOIN template_versions AS version
    ON version.tenant_id = template.tenant_id
    AND version.template_id = template.template_id
    AND version.number = template.published_number
WHERE template.tenant_id = %(tenant_id)s
    AND template.slug = %(slug)s
    AND NOT template.archived
    AND CASE %(channel)s WHEN 'web' THEN template.web_visible WHEN 'bot' THEN template.bot_visible ELSE false END

-- name: find_document
-- The document of one version.
SELECT document
FROM template_versions
WHERE tenant_id = %(tenant_id)s
    AND version_id = %(version_id)s

-- name: put_template
-- Makes the template or renames it, and locks it: versions of one template are numbered one after the other.
INSERT INTO templates AS known (tenant_id, template_id, slug, name, web_visible, bot_visible, position)
VALUES (%(tenant_id)s, %(template_id)s, %(slug)s, %(name)s, %(web_visible)s, %(bot_visible)s, %(position)s)
ON CONFLICT (tenant_id, slug) DO UPDATE
SET name = EXCLUDED.name
RETURNING template_id, published_number

-- name: find_version
-- One version of a template by its number.
SELECT version_id, number, document_sha256
FROM template_versions
WHERE tenant_id = %(tenant_id)s
    AND template_id = %(template_id)s
    AND number = %(number)s

-- name: insert_version
-- Adds the next version of a template, published.
INSERT INTO template_versions (tenant_id, version_id, template_id, number, document, document_sha256, thumbnail_key,
    published_at)
SELECT %(tenant_id)s, %(version_id)s, %(template_id)s, coalesce(max(number), 0) + 1, %(document)s, %(document_sha256)s,
    %(thumbnail_key)s, now()
FROM template_versions
WHERE tenant_id = %(tenant_id)s
    AND template_id = %(template_id)s
RETURNING version_id, number

-- name: set_thumbnail
-- Gives a version its thumbnail.
UPDATE template_versions
SET thumbnail_key = %(thumbnail_key)s
WHERE tenant_id = %(tenant_id)s
    AND version_id = %(version_id)s

-- name: set_published_number
-- Makes a version the one that new pictures come from.
UPDATE templates
SET published_number = %(number)s
WHERE tenant_id = %(tenant_id)s
    AND template_id = %(template_id)s

-- name: set_visibility
-- Turns the three switches; a null leaves one as it is.
UPDATE templates
SET web_visible = coalesce(%(web)s, web_visible),
    bot_visible = coalesce(%(bot)s, bot_visible),
    archived = coalesce(%(archived)s, archived)
WHERE tenant_id = %(tenant_id)s
    AND slug = %(slug)s
