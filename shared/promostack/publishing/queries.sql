-- name: find_render
-- The picture made from exactly these inputs.
SELECT object_key, sha256, bytes, width, height, media_type, last_used_at < %(now)s - interval '1 day' AS is_stale
FROM renders
WHERE tenant_id = %(tenant_id)s
    AND render_key = %(render_key)s

-- name: touch_render
-- Notes that a picture is still in use; pictures unused for 90 days expire.
UPDATE renders
SET last_used_at = %(now)s
WHERE tenant_id = %(tenant_id)s
    AND render_key = %(render_key)s

-- name: insert_render
-- Adds a picture; of two that rendered the same at once, one row stays.
INSERT INTO renders (tenant_id, render_key, version_id, object_key, sha256, bytes, width, height, media_type,
    last_used_at)
VALUES (%(tenant_id)s, %(render_key)s, %(version_id)s, %(object_key)s, %(sha256)s, %(bytes)s, %(width)s, %(height)s,
    %(media_type)s, %(now)s)
ON CONFLICT (tenant_id, render_key) DO NOTHING
