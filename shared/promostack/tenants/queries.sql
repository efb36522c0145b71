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

-- name: put_secret
-- Keeps a sealed secret, in the place of the one that was there.
INSERT INTO secrets (tenant_id, purpose, subject, ciphertext, last4)
VALUES (%(tenant_id)s, %(purpose)s, %(subject)s, %(ciphertext)s, %(last4)s)
ON CONFLICT (tenant_id, purpose, subject) DO UPDATE
SET ciphertext = excluded.ciphertext, last4 = excluded.last4, added_at = now()

-- name: secret_ciphertext
-- A secret as it is sealed.
SELECT ciphertext
FROM secrets
WHERE tenant_id = %(tenant_id)s AND purpose = %(purpose)s AND subject = %(subject)s

-- name: describe_secret
-- What may be shown of a secret.
SELECT last4, added_at
FROM secrets
WHERE tenant_id = %(tenant_id)s AND purpose = %(purpose)s AND subject = %(subject)s

-- name: forget_secret
-- Deletes a secret; its fingerprints go with it.
DELETE FROM secrets
WHERE tenant_id = %(tenant_id)s AND purpose = %(purpose)s AND subject = %(subject)s

-- name: secrets_under_older_keys
-- The tenant's next secrets that another key or version than the current one seals; those in somebody's hands are left.
SELECT tenant_id, purpose, subject, ciphertext
FROM secrets
WHERE tenant_id = %(tenant_id)s
    AND sealed_with <> %(seal)s
    AND (purpose, subject) > (%(purpose)s, %(subject)s)
ORDER BY purpose, subject
LIMIT %(most)s
FOR UPDATE SKIP LOCKED

-- name: reseal_secret
-- The same secret under the current key; the caller holds the row's lock.
UPDATE secrets
SET ciphertext = %(ciphertext)s, last4 = %(last4)s
WHERE tenant_id = %(tenant_id)s AND purpose = %(purpose)s AND subject = %(subject)s

-- name: forget_fingerprints
-- Clears a secret's fingerprints for those of its new value.
DELETE FROM secret_fingerprints
WHERE tenant_id = %(tenant_id)s AND purpose = %(purpose)s AND subject = %(subject)s

-- name: add_fingerprint
-- One fingerprint, unless another secret of that purpose has it, of whatever tenant.
INSERT INTO secret_fingerprints (tenant_id, purpose, subject, key_id, fingerprint)
VALUES (%(tenant_id)s, %(purpose)s, %(subject)s, %(key_id)s, %(fingerprint)s)
ON CONFLICT (purpose, fingerprint) DO NOTHING
