-- name: find_id_by_slug
-- scope: global, because the tenant is not known yet; the router's function returns the id only.
SELECT router_tenant_by_slug(%(slug)s)

-- name: find_tenant
-- The tenant of this transaction.
SELECT tenant_id, slug, name, settings, state
FROM tenants
WHERE tenant_id = %(tenant_id)s

-- name: lock_tenant
-- The tenant of this transaction, held until it ends: its settings change one after the other.
SELECT tenant_id, slug, name, settings, state
FROM tenants
WHERE tenant_id = %(tenant_id)s
FOR UPDATE

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

-- name: tenants_of_subject
-- scope: global, because the tenant is chosen from these; the router's functions return ids only. At least one row.
SELECT person.user_id, place.tenant_id
FROM router_user(%(subject)s) AS person (user_id)
LEFT JOIN router_tenants_of(person.user_id) AS place ON true
ORDER BY place.tenant_id

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

-- name: hold_place
-- A person's role and the tenant's state, neither of which changes until the transaction ends; the tenant's row first.
SELECT memberships.role, tenants.state
FROM tenants
JOIN memberships ON memberships.tenant_id = tenants.tenant_id
WHERE tenants.tenant_id = %(tenant_id)s AND memberships.user_id = %(user_id)s
FOR SHARE

-- name: hold_state
-- The tenant's state, which does not change until the transaction ends.
SELECT state
FROM tenants
WHERE tenant_id = %(tenant_id)s
FOR SHARE

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

-- name: insert_user
-- scope: global, because a person is no tenant's row. Makes the person of this transaction unless his identity is known.
INSERT INTO users (user_id, subject, email, name)
VALUES (%(user_id)s, %(subject)s, %(email)s, %(name)s)
ON CONFLICT DO NOTHING

-- name: find_person
-- scope: global, because a person is no tenant's row; row-level security shows him himself only.
SELECT email, name, last_tenant_id
FROM users
WHERE user_id = %(user_id)s

-- name: update_person
-- scope: global, because a person is no tenant's row; row-level security lets him change himself only.
UPDATE users
SET email = %(email)s, name = %(name)s
WHERE user_id = %(user_id)s

-- name: set_last_tenant
-- scope: global, because a person is no tenant's row; row-level security lets him change himself only.
UPDATE users
SET last_tenant_id = %(tenant_id)s
WHERE user_id = %(user_id)s

-- name: find_provisioned
-- scope: global, because it is asked whether there is a tenant at all; the router's function returns the id only.
SELECT router_tenant_provisioned_for(%(user_id)s)

-- name: insert_provisioned
-- Makes a person's tenant unless its slug is taken or the person has got one.
INSERT INTO tenants (tenant_id, slug, name, provisioned_for)
VALUES (%(tenant_id)s, %(slug)s, %(name)s, %(user_id)s)
ON CONFLICT DO NOTHING

-- name: set_provisioned_for
-- Notes for whom the tenant was made.
UPDATE tenants
SET provisioned_for = %(user_id)s
WHERE tenant_id = %(tenant_id)s AND provisioned_for IS NULL

-- name: find_place
-- The tenant of this transaction as one of its people sees it.
SELECT tenants.tenant_id, tenants.slug, tenants.name, memberships.role, tenants.state
FROM memberships
JOIN tenants ON tenants.tenant_id = memberships.tenant_id
WHERE memberships.tenant_id = %(tenant_id)s AND memberships.user_id = %(user_id)s

-- name: put_membership
-- Gives a person a place in the tenant, or another role in the place he has; returns whether it is new.
INSERT INTO memberships AS place (tenant_id, user_id, role)
VALUES (%(tenant_id)s, %(user_id)s, %(role)s)
ON CONFLICT (tenant_id, user_id) DO UPDATE SET role = excluded.role
WHERE place.tenant_id = %(tenant_id)s
RETURNING xmax = 0

-- name: list_invitations
-- Places that are offered, the newest first, ended ones too until somebody renews or withdraws them.
SELECT invitations.id, invitations.email, invitations.role, invitations.created_at, invitations.expires_at,
    (
        SELECT users.email
        FROM users
        JOIN memberships ON memberships.tenant_id = %(tenant_id)s AND memberships.user_id = users.user_id
        WHERE memberships.tenant_id = %(tenant_id)s AND users.user_id = invitations.invited_by
    ) AS invited_by
FROM invitations
WHERE invitations.tenant_id = %(tenant_id)s
ORDER BY invitations.created_at DESC, invitations.id

-- name: find_invitation
-- One offered place.
SELECT invitations.id, invitations.email, invitations.role, invitations.created_at, invitations.expires_at,
    (
        SELECT users.email
        FROM users
        JOIN memberships ON memberships.tenant_id = %(tenant_id)s AND memberships.user_id = users.user_id
        WHERE memberships.tenant_id = %(tenant_id)s AND users.user_id = invitations.invited_by
    ) AS invited_by
FROM invitations
WHERE invitations.tenant_id = %(tenant_id)s AND invitations.id = %(id)s

-- name: is_member_address
-- Has one of the tenant's people this address?
SELECT true
FROM users
JOIN memberships ON memberships.tenant_id = %(tenant_id)s AND memberships.user_id = users.user_id
WHERE memberships.tenant_id = %(tenant_id)s AND lower(users.email) = %(email)s
LIMIT 1

-- name: put_invitation
-- Offers a place; an older offer to the same address gives way, with its link, an open one of an admin's place only to
-- somebody who may make such an offer.
INSERT INTO invitations AS older (tenant_id, id, email, role, invited_by, created_at, expires_at)
VALUES (%(tenant_id)s, %(id)s, %(email)s, %(role)s, %(invited_by)s, %(now)s, %(expires_at)s)
ON CONFLICT (tenant_id, email) DO UPDATE
SET id = excluded.id, role = excluded.role, invited_by = excluded.invited_by, created_at = excluded.created_at,
    expires_at = excluded.expires_at
WHERE older.tenant_id = %(tenant_id)s
    AND (%(may_promote)s OR older.role <> 'admin' OR older.expires_at <= %(now)s)

-- name: drop_invitation
-- Takes an offer back.
DELETE FROM invitations
WHERE tenant_id = %(tenant_id)s AND id = %(id)s

-- name: drop_invitations_of
-- Takes back what somebody has offered who is no longer there.
DELETE FROM invitations
WHERE tenant_id = %(tenant_id)s AND invited_by = %(user_id)s
RETURNING id, email, role

-- name: drop_ended_invitations
-- Forgets offers that nobody took.
DELETE FROM invitations
WHERE tenant_id = %(tenant_id)s AND id IN (
    SELECT id
    FROM invitations
    WHERE tenant_id = %(tenant_id)s AND expires_at < %(before)s
    LIMIT %(most)s
    FOR UPDATE SKIP LOCKED
)

-- name: take_invitation
-- Uses an open offer up; only for the address that it was made to.
DELETE FROM invitations
WHERE tenant_id = %(tenant_id)s AND id = %(id)s AND email = %(email)s AND expires_at > now()
RETURNING role

-- name: tenants_inviting
-- scope: global, because the person has no tenant yet; the router's function returns ids only.
SELECT tenant_id
FROM router_tenants_inviting(%(email)s)

-- name: find_offer
-- The place that the tenant of this transaction offers to an address.
SELECT invitations.id, invitations.tenant_id, tenants.name AS tenant, invitations.role, invitations.expires_at,
    (
        SELECT users.email
        FROM users
        JOIN memberships ON memberships.tenant_id = %(tenant_id)s AND memberships.user_id = users.user_id
        WHERE memberships.tenant_id = %(tenant_id)s AND users.user_id = invitations.invited_by
    ) AS invited_by
FROM invitations
JOIN tenants ON tenants.tenant_id = invitations.tenant_id AND tenants.state = 'active'
WHERE invitations.tenant_id = %(tenant_id)s AND invitations.email = %(email)s AND invitations.expires_at > now()

-- name: add_membership
-- Gives a person a place in the tenant unless he has one.
INSERT INTO memberships (tenant_id, user_id, role)
VALUES (%(tenant_id)s, %(user_id)s, %(role)s)
ON CONFLICT DO NOTHING

-- name: list_members
-- The tenant's people, the longest there first, a page at a time.
SELECT users.user_id, users.email, users.name, memberships.role, memberships.created_at AS joined_at
FROM users
JOIN memberships ON memberships.tenant_id = %(tenant_id)s AND memberships.user_id = users.user_id
WHERE memberships.tenant_id = %(tenant_id)s
    AND (
        %(after_at)s::timestamptz IS NULL
        OR (memberships.created_at, memberships.user_id) > (%(after_at)s::timestamptz, %(after_id)s::uuid)
    )
ORDER BY memberships.created_at, memberships.user_id
LIMIT %(most)s

-- name: find_member
-- One of the tenant's people.
SELECT users.user_id, users.email, users.name, memberships.role, memberships.created_at AS joined_at
FROM users
JOIN memberships ON memberships.tenant_id = %(tenant_id)s AND memberships.user_id = users.user_id
WHERE memberships.tenant_id = %(tenant_id)s AND memberships.user_id = %(user_id)s

-- name: lock_members
-- The places of these people, held until the transaction ends; always in one order, so that nobody waits for ever.
SELECT user_id, role
FROM memberships
WHERE tenant_id = %(tenant_id)s AND user_id = ANY(%(user_ids)s::uuid[])
ORDER BY user_id
FOR UPDATE

-- name: set_role
-- Gives a member another role; the owner keeps his.
UPDATE memberships
SET role = %(role)s
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND role <> 'owner'

-- name: step_down
-- The owner becomes an admin; for handing the tenant over, which ends with `step_up`.
UPDATE memberships
SET role = 'admin'
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND role = 'owner'

-- name: step_up
-- A member becomes the owner, after the one before has stepped down: there is one.
UPDATE memberships
SET role = 'owner'
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s

-- name: delete_membership
-- Takes a person out of the tenant; the owner stays.
DELETE FROM memberships
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND role <> 'owner'

-- name: merge_settings
-- Sets the name and these settings; the other ones stay as they are.
UPDATE tenants
SET name = %(name)s, settings = settings || %(settings)s::jsonb
WHERE tenant_id = %(tenant_id)s

-- name: write_audit
-- One line of the audit log.
INSERT INTO audit_log (tenant_id, line_id, actor, action, target, data, request_id)
VALUES (%(tenant_id)s, %(line_id)s, %(actor)s, %(action)s, %(target)s, %(data)s, %(request_id)s)

-- name: find_audit_number
-- The number that orders a line among the others.
SELECT id
FROM audit_log
WHERE tenant_id = %(tenant_id)s AND line_id = %(line_id)s

-- name: list_audit
-- The newest lines of the tenant's audit log, with the addresses of those who are its people now.
SELECT log.line_id AS id, log.at, log.actor, log.action, log.target, log.data, log.request_id,
    (
        SELECT users.email
        FROM users
        JOIN memberships ON memberships.tenant_id = %(tenant_id)s AND memberships.user_id = users.user_id
        WHERE memberships.tenant_id = %(tenant_id)s AND users.user_id::text = log.actor
    ) AS actor_email,
    (
        SELECT users.email
        FROM users
        JOIN memberships ON memberships.tenant_id = %(tenant_id)s AND memberships.user_id = users.user_id
        WHERE memberships.tenant_id = %(tenant_id)s AND users.user_id::text = log.target
    ) AS target_email
FROM audit_log AS log
WHERE log.tenant_id = %(tenant_id)s
    AND (%(before)s::bigint IS NULL OR log.id < %(before)s)
ORDER BY log.id DESC
LIMIT %(most)s

-- name: find_tenants
-- scope: global, because the platform's list has no tenant; the router's function returns ids only.
SELECT tenant_id
FROM router_tenants_found(%(needle)s, %(after_id)s, %(most)s)

-- name: tenant_cards
-- The cards of these tenants in this order; the function steps through them one by one under row-level security.
SELECT tenant_id, slug, name, state, state_reason, created_at, owner_email, members, bot_count, bots_in_trouble,
    used_at
FROM tenant_cards(%(tenant_ids)s::uuid[])

-- name: suspend
-- Stops an active tenant.
UPDATE tenants
SET state = 'suspended', state_reason = %(reason)s
WHERE tenant_id = %(tenant_id)s AND state = 'active'

-- name: resume
-- Brings a suspended tenant back.
UPDATE tenants
SET state = 'active', state_reason = NULL
WHERE tenant_id = %(tenant_id)s AND state = 'suspended'

-- name: drop_ended_limits
-- Counts whose window is over, some at a time.
DELETE FROM rate_limits
WHERE tenant_id = %(tenant_id)s
    AND (action, actor) IN (
        SELECT action, actor
        FROM rate_limits
        WHERE tenant_id = %(tenant_id)s AND window_ends_at < %(now)s
        LIMIT %(most)s
        FOR UPDATE SKIP LOCKED
    )

-- name: tenant_ids
-- scope: global, because some work is done for every tenant; the router's function returns ids only.
SELECT tenant_id
FROM router_tenants(%(after_id)s, %(most)s)

-- name: add_visit
-- Somebody of the platform may look into the tenant until a moment.
INSERT INTO visits (tenant_id, id, token_hash, admin, reason, started_at, expires_at)
VALUES (%(tenant_id)s, %(id)s, %(token_hash)s, %(admin)s, %(reason)s, %(now)s, %(expires_at)s)

-- name: find_visited
-- scope: global, because the tenant is not known yet; the router's function returns the id only.
SELECT router_tenant_visited(%(token_hash)s)

-- name: find_visit
-- A visit that is not over, with the tenant that it is at.
SELECT visits.id, visits.admin, visits.reason, visits.expires_at, tenants.tenant_id, tenants.slug, tenants.name,
    tenants.state
FROM visits
JOIN tenants ON tenants.tenant_id = visits.tenant_id
WHERE visits.tenant_id = %(tenant_id)s
    AND visits.token_hash = %(token_hash)s
    AND visits.ended_at IS NULL
    AND visits.expires_at > %(now)s

-- name: end_visit
-- Ends a visit before its time.
UPDATE visits
SET ended_at = %(now)s
WHERE tenant_id = %(tenant_id)s AND id = %(id)s AND ended_at IS NULL
