-- name: find_id_by_slug
-- scope: global, because the tenant is not known yet; the router's function returns the id only.
SELECT router_tenant_by_slug(%(slug)s)

-- name: find_tenant
-- The tenant of this transaction.
SELECT tenant_id, slug, name, settings
FROM tenants
WHERE tenant_id = %(tenant_id)s

-- name: insert_tenant
-- Makes the tenant unless its slug is taken.
INSERT INTO tenants (tenant_id, slug, name, settings)
VALUES (%(tenant_id)s, %(slug)s, %(name)s, %(settings)s)
ON CONFLICT (slug) DO NOTHING

-- name: update_tenant
-- Sets a tenant's name and settings.
UPDATE tenants
SET name = %(name)s, settings = %(settings)s
WHERE tenant_id = %(tenant_id)s

-- name: count_hit
-- Counts one call in the actor's current window, which starts anew when it has ended; returns the count and the end.
INSERT INTO rate_limits AS known (tenant_id, action, actor, window_ends_at, hits)
VALUES (%(tenant_id)s, %(action)s, %(actor)s, %(window_ends_at)s, 1)
ON CONFLICT (tenant_id, action, actor) DO UPDATE
SET hits = CASE WHEN known.window_ends_at <= %(now)s THEN 1 ELSE known.hits + 1 END,
    window_ends_at = CASE WHEN known.window_ends_at <= %(now)s THEN EXCLUDED.window_ends_at ELSE known.window_ends_at END
RETURNING hits, window_ends_at

-- name: uncount_hit
-- Takes one call back out of the actor's current window.
UPDATE rate_limits
SET hits = hits - 1
WHERE tenant_id = %(tenant_id)s
    AND action = %(action)s
    AND actor = %(actor)s
    AND window_ends_at > %(now)s
    AND hits > 0

-- name: find_user_by_subject
-- scope: global, because the person's tenants are not known yet; the router's function returns the id only.
SELECT router_user(%(subject)s)

-- name: tenants_of_user
-- scope: global, because the tenant is chosen from these; the router's function returns ids only.
SELECT tenant_id
FROM router_tenants_of(%(user_id)s)

-- name: last_tenant
-- scope: global, because a person is no tenant's row; row-level security shows him himself only.
SELECT last_tenant_id
FROM users
WHERE user_id = %(user_id)s

-- name: find_membership
-- A person's place in the tenant of this transaction.
SELECT memberships.user_id, memberships.tenant_id, memberships.role, tenants.state
FROM memberships
JOIN tenants ON tenants.tenant_id = memberships.tenant_id
WHERE memberships.tenant_id = %(tenant_id)s AND memberships.user_id = %(user_id)s
