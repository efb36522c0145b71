"""Who may do what with which table, written down; a migration that changes it changes this page too."""

APP, READ, ROUTER, ERASER = "promostack_app", "promostack_read", "promostack_router", "promostack_eraser"

# Tables that belong to no tenant; each says why.
WITHOUT_TENANT = {
    "admin_epoch": "admin sessions belong to the platform",
    "auth_failures": "a refused caller has no tenant",
    "bar_revisions": "there is one market for all",
    "bars": "there is one market for all",
    "feeds": "the feed's key is the platform's",
    "login_tries": "nobody is signed in yet",
    "periodic_work": "the schedule is the platform's",
    "sender_shifts": "a sender works for all tenants",
    "tenant_deletions": "the tenant is gone; what stays names nobody",
    "users": "a person may belong to several tenants; policies of its own show him himself and his colleagues",
}

# (table, columns) of what is unique across tenants; each says why one tenant may learn that another has it.
UNIQUE_EVERYWHERE = {
    ("tenants", ("slug",)): "public: it stands in addresses",
    ("tenants", ("provisioned_for",)): "one first step makes one tenant; set from the verified identity only",
    ("visits", ("token_hash",)): "of 192 random bits; no two are alike",
    ("bots", ("public_id",)): "opaque and ours: the webhook's address",
    ("bots", ("telegram_id",)): "one bot belongs to one tenant while it is connected; connecting it takes its token",
    (
        "secret_fingerprints",
        ("purpose", "fingerprint"),
    ): "one secret belongs to one tenant; a keyed hash of what one holds",
}

# Functions that work with the router's rights, before a tenant is known; each says what it finds.
DEFINERS = {
    "router_bot": "a webhook's address → tenant, bot",
    "router_bots_with_messages": "bots with messages to send",
    "router_stale_updates": "updates whose handler died",
    "router_tenant_by_slug": "slug → tenant",
    "router_tenant_provisioned_for": "person → the tenant made for him",
    "router_tenants": "all tenants, page by page, for sweeps",
    "router_tenant_visited": "a visit's token (hashed) → tenant",
    "router_tenants_with_backtests": "tenants with a backtest to make",
    "router_tenants_with_batches": "tenants with pictures of many codes to make or to clear away",
    "router_tenants_leaving": "tenants with something to take along, to forget or to delete",
    "router_tenants_inviting": "a proved address → tenants that expect its owner",
    "router_tenants_found": "the platform's search",
    "router_tenants_of": "person → his tenants",
    "router_tenants_with_signals": "tenants whose signals are on or not yet ended",
    "router_user": "the identity provider's subject → person",
}

# Functions that delete for good, with the eraser's rights; each says what it looks at first.
ERASERS = {
    "erase_tenant_rows": "that the tenant's time has come",
    "erase_person_events": "that the person is to be forgotten",
}

_ALL, _KEPT = "SELECT, INSERT, UPDATE, DELETE", "SELECT, INSERT, UPDATE"

GRANTS: dict[str, dict[str, str]] = {
    "admin_epoch": {APP: "SELECT, UPDATE (epoch)"},
    # Append-only.
    "audit_log": {APP: "SELECT, INSERT", READ: "SELECT"},
    "auth_failures": {APP: "SELECT, INSERT, UPDATE (times, request_id), DELETE"},
    # Append-only: what a signal was decided by stays.
    "bar_revisions": {APP: "SELECT, INSERT"},
    "bars": {APP: "SELECT, INSERT"},
    "bot_limiters": {APP: _KEPT, READ: "SELECT"},
    "bots": {APP: _KEPT, READ: "SELECT", ROUTER: "SELECT (tenant_id, id, public_id, state)"},
    "chat_limiters": {APP: _ALL, READ: "SELECT"},
    "channel_posts": {APP: _KEPT, READ: "SELECT"},
    "channels": {APP: _KEPT, READ: "SELECT"},
    "conversations": {APP: _ALL, READ: "SELECT"},
    "coupon_breakers": {APP: _KEPT, READ: "SELECT"},
    "coupon_checks": {APP: _ALL, READ: "SELECT"},
    "coupon_misses": {APP: _ALL, READ: "SELECT"},
    "feeds": {
        APP: "SELECT, UPDATE (credits_day, credits, asked_at, scan_asked_for, watch_asked_for, paused_until,"
        " pause_code, pause_text)"
    },
    "invitations": {
        APP: "SELECT, INSERT, UPDATE (id, role, invited_by, created_at, expires_at), DELETE",
        READ: "SELECT",
        ROUTER: "SELECT (tenant_id, email, expires_at)",
    },
    "local_codes": {APP: _KEPT, READ: "SELECT"},
    "local_redemptions": {APP: "SELECT, INSERT, UPDATE (released_at)", READ: "SELECT"},
    "login_tries": {APP: _ALL},
    "memberships": {
        APP: "SELECT, INSERT, UPDATE (role), DELETE",
        READ: "SELECT",
        ROUTER: "SELECT (tenant_id, user_id, role)",
    },
    "outbox": {
        APP: _ALL,
        READ: "SELECT",
        ROUTER: "SELECT (tenant_id, bot_id, due_at, priority, state, lease_until)",
    },
    "people_seen": {
        APP: "SELECT, INSERT, UPDATE (first_seen_at)",
        READ: "SELECT",
        ERASER: "UPDATE (user_id), DELETE",
    },
    "person_erasures": {APP: _KEPT, READ: "SELECT", ROUTER: "SELECT (tenant_id, state)"},
    "periodic_work": {APP: "SELECT, UPDATE (started_at)"},
    "picture_batches": {APP: _ALL, READ: "SELECT", ROUTER: "SELECT (tenant_id, state, lease_until, expires_at)"},
    "rate_limits": {APP: _ALL, READ: "SELECT"},
    "renders": {
        APP: "SELECT, INSERT, UPDATE (version_id, object_key, sha256, bytes, width, height, media_type, last_used_at,"
        " expiring_at), DELETE",
        READ: "SELECT",
    },
    "secret_fingerprints": {APP: _ALL},
    # Reports and exports have no use for what is sealed.
    "secrets": {APP: _ALL, READ: "SELECT (tenant_id, purpose, subject, sealed_with, last4, added_at)"},
    "sender_shifts": {APP: "SELECT, UPDATE", READ: "SELECT"},
    "signal_backtests": {APP: _ALL, READ: "SELECT", ROUTER: "SELECT (tenant_id, state, lease_until)"},
    "signal_baselines": {APP: _KEPT, READ: "SELECT"},
    # Sent once.
    "signal_cards": {APP: "SELECT, INSERT", READ: "SELECT"},
    "signal_evaluations": {APP: "SELECT, INSERT", READ: "SELECT"},
    # Append-only, by a trigger too.
    "signal_events": {APP: "SELECT, INSERT", READ: "SELECT"},
    "signal_ledger": {APP: "SELECT, INSERT", READ: "SELECT"},
    "signal_line_days": {APP: _KEPT, READ: "SELECT"},
    "signal_lines": {APP: _KEPT, READ: "SELECT"},
    "signal_promotions": {APP: _KEPT, READ: "SELECT"},
    "signal_recaps": {APP: "SELECT, INSERT", READ: "SELECT"},
    "signal_settings": {APP: _KEPT, READ: "SELECT", ROUTER: "SELECT (tenant_id, strategy)"},
    "signal_telling": {APP: _KEPT, READ: "SELECT"},
    "signals": {APP: _KEPT, READ: "SELECT", ROUTER: "SELECT (tenant_id, state)"},
    "telegram_files": {APP: _ALL, READ: "SELECT"},
    "telegram_updates": {
        APP: _ALL,
        READ: "SELECT",
        ROUTER: "SELECT (tenant_id, bot_id, update_id, state, lease_until, chat_key)",
    },
    # A version is never changed, so that a picture already made stays what it was.
    # No deletion: a revision never comes back.
    "template_drafts": {APP: _KEPT, READ: "SELECT"},
    "template_versions": {APP: "SELECT, INSERT, UPDATE (thumbnail_key, published_at)", READ: "SELECT"},
    "templates": {APP: _KEPT, READ: "SELECT"},
    # What is left of a deleted tenant.
    "tenant_deletions": {APP: "SELECT, INSERT, UPDATE (finished_at, rows, files)"},
    "tenant_exports": {APP: _ALL, READ: "SELECT", ROUTER: "SELECT (tenant_id, state, lease_until, expires_at)"},
    "tenants": {
        APP: _KEPT,
        READ: "SELECT",
        ROUTER: "SELECT (tenant_id, slug, name, created_at, state, provisioned_for, erase_at)",
    },
    "uploads": {APP: _ALL, READ: "SELECT"},
    "usage_events": {APP: "SELECT, INSERT", READ: "SELECT", ERASER: "UPDATE (chat_id, user_id, data), DELETE"},
    "vendor_checks": {APP: _ALL, READ: "SELECT"},
    "visits": {APP: "SELECT, INSERT, UPDATE (ended_at)", READ: "SELECT", ROUTER: "SELECT (tenant_id, token_hash)"},
    "users": {
        APP: "SELECT, INSERT, UPDATE (email, name, last_tenant_id)",
        READ: "SELECT",
        ROUTER: "SELECT (user_id, subject, email)",
        ERASER: "DELETE",
    },
}
# A tenant that leaves leaves with all its rows.
for _table, _rights in GRANTS.items():
    if _table not in WITHOUT_TENANT:
        _rights.setdefault(ERASER, "DELETE")
