"""Values that the catalogue cannot tell: columns with a constraint of their own, and parameters that are no column."""

import hashlib
import json
from datetime import UTC, date, datetime
from typing import Any
from uuid import NAMESPACE_OID, uuid5

FUTURE = "2100-01-02T03:04:05+00:00"
LONG_AGO, NOW = datetime(2000, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
TODAY = date(2026, 1, 2)  # of all rows with a day


def user_id(tenant: Any) -> str:
    """The person who owns a tenant; twins have one and the same."""
    return str(uuid5(NAMESPACE_OID, "a person of both" if tenant.is_twin else f"person of {tenant.canary}"))


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def document(tenant: Any, mark: str) -> str:
    """A template that can be drawn without a picture; its text names the tenant, and the other's shows my file too."""
    words = f"{{code}} {mark} uploads.published_key" if tenant.name == "other" else f"{{code}} {mark}"
    text = {
        "id": "code", "type": "text", "x": 90, "y": 400, "width": 900, "height": 280, "text": words,
        "font": {"family": "Inter", "weight": 700}, "max_size": 120, "min_size": 12, "fill": "#ffffff",
    }  # fmt: skip
    square = {"width": 1080, "height": 1080, "background": {"color": "#101820"}, "layers": [text]}
    slug = f"{mark}-template"
    return json.dumps({"schema": 2, "slug": slug, "name": slug, "fields": {}, "formats": {"square": square}})


# (table, column) → other values on which a statement that mentions the column may depend without spelling them out.
ALTERNATIVES: dict[tuple[str, str], list[Any]] = {
    ("outbox", "idempotency_key"): [f"signals:promo:{TODAY}"],
    ("signals", "told"): [["stopped"]],
}

# (table, column) → a value, or a function of the tenant and of the mark that its texts carry.
COLUMNS: dict[tuple[str, str], Any] = {
    ("tenants", "slug"): lambda tenant, mark: tenant.canary,
    ("tenants", "provisioned_for"): None,
    ("tenants", "settings"): lambda tenant, mark: json.dumps(
        {
            "referral_link": f"https://{mark}.example/?promo={{code}}",
            # As with templates: the other's logo is my file.
            "logo_key": f"{mark} uploads.published_key" if tenant.name == "other" else f"logos/{mark}.png",
        }
    ),
    ("users", "email"): lambda tenant, mark: f"owner@{tenant.name}.example",
    ("users", "last_tenant_id"): None,
    ("templates", "archived"): False,
    ("templates", "slug"): lambda tenant, mark: f"{mark}-template",
    ("template_versions", "document"): document,
    ("template_drafts", "document"): document,
    ("template_drafts", "revision"): 1,
    ("template_drafts", "saved_by"): lambda tenant, mark: user_id(tenant),
    ("template_versions", "document_sha256"): lambda tenant, mark: sha256(mark),
    ("template_versions", "thumbnail_key"): lambda tenant, mark: f"thumbnails/{mark}.webp",
    ("renders", "render_key"): lambda tenant, mark: sha256(f"render {mark}"),
    ("renders", "sha256"): lambda tenant, mark: sha256(mark),
    ("coupon_checks", "code"): lambda tenant, mark: f"{mark}-code".upper(),
    ("coupon_checks", "expires_at"): FUTURE,
    ("coupon_misses", "code"): lambda tenant, mark: f"{mark}-code".upper(),
    ("coupon_breakers", "provider"): "funderpro",
    ("rate_limits", "window_ends_at"): FUTURE,
    ("bots", "public_id"): lambda tenant, mark: f"bot-of-{tenant.canary}",
    ("bots", "webhook_secret_hash"): lambda tenant, mark: sha256(f"secret of {tenant.canary}"),
    ("local_codes", "code"): lambda tenant, mark: f"{mark}-code".upper(),
    ("local_codes", "ends_at"): FUTURE,
    ("local_codes", "currency"): "EUR",
    ("local_codes", "counted_in"): "EUR",
    ("local_codes", "budget_minor"): 1_000_000,
    ("local_codes", "spent_minor"): 1,
    ("usage_events", "data"): lambda tenant, mark: json.dumps(
        {"template": f"{mark}-template", "code": f"{mark}-code", "error": mark, "ms": 1}
    ),
    ("vendor_checks", "vendor"): "funderpro",
    ("vendor_checks", "problem"): None,
    ("vendor_checks", "mode"): None,
    ("visits", "token_hash"): lambda tenant, mark: sha256(f"visit_of {tenant.canary}"),
    ("visits", "expires_at"): FUTURE,
    ("visits", "ended_at"): None,
    ("tenants", "erase_at"): None,
    ("tenant_exports", "parts"): lambda tenant, mark: json.dumps(
        [{"key": f"exports/{mark}/part-1.zip", "bytes": 1, "sha256": sha256(mark)}]
    ),
    ("picture_batches", "wanted"): json.dumps(
        {"formats": ["square"], "output": "jpeg", "scale": 1, "with_logo": True, "fields": {}}
    ),
    ("picture_batches", "codes"): lambda tenant, mark: json.dumps([[f"{mark}-code".upper(), 1]]),
    ("picture_batches", "codes_done"): 0,
    ("picture_batches", "left_out"): lambda tenant, mark: json.dumps([{"row": 2, "text": mark, "reason": "no code"}]),
    ("picture_batches", "segments"): "[]",
    ("picture_batches", "parts"): lambda tenant, mark: json.dumps(
        [{"key": f"batches/{mark}/part-1.zip", "bytes": 1, "sha256": sha256(mark)}]
    ),
    ("person_erasures", "stand_in"): lambda tenant, mark: -tenant.number,
    ("invitations", "email"): lambda tenant, mark: f"{mark}@invited.example",
    ("invitations", "expires_at"): FUTURE,
    ("invitations", "invited_by"): lambda tenant, mark: user_id(tenant),
    ("uploads", "replaced_at"): None,
    ("uploads", "picture"): json.dumps({"width": 1, "height": 1, "media_type": "image/png", "sha256": "0" * 64}),
    ("audit_log", "actor"): lambda tenant, mark: user_id(tenant),
    ("audit_log", "target"): lambda tenant, mark: user_id(tenant),
    ("users", "user_id"): lambda tenant, mark: user_id(tenant),
    # Somebody's message, in the chat that the outbox has one for too.
    ("telegram_updates", "payload"): lambda tenant, mark: json.dumps(
        {"message": {"text": mark, "chat": {"id": 1 if tenant.is_twin else tenant.number}}}
    ),
    ("outbox", "kind"): "post",
    ("outbox", "state"): "leased",
    ("outbox", "method"): "deleteMessage",
    ("channels", "broken"): None,
    # A row that is part of no signal's life.
    ("signal_ledger", "kind"): "recap",
    ("signal_ledger", "body"): lambda tenant, mark: json.dumps({"signal": f"{mark} signals.id"}),
    ("signals", "bar_interval"): "15min",
    ("signals", "plan"): lambda tenant, mark: json.dumps(
        {
            "side": "buy",
            "entry": "2000",
            "stop": "1990",
            "targets": ["2010", "2020", "2030"],
            "split": [50, 30, 20],
            "atr": "10",
            "reasons": [mark],
        }
    ),
    ("signals", "terms"): '{"max_hold_s": 14400, "stop_moves": "never", "revalidates": false}',
    ("signals", "costs"): '{"spread": "0.20", "commission": "0"}',
    ("signals", "readings"): None,
    ("signals", "position"): json.dumps(
        {
            "published_at": LONG_AGO.isoformat(),
            "stop": "1990",
            "hit": 0,
            "milestones": [],
            "ambiguous": 0,
            "legs": [{"share": 100, "price": "1990", "why": "stop"}],
            "gap_fills": 0,
            "last_bar_at": None,
            "outcome": "stopped",
            "closed_at": NOW.isoformat(),
            "judged_at": None,
        }
    ),
    ("signal_lines", "outcome"): "used",
    ("signal_lines", "faults"): "[]",
    ("signal_telling", "promote_to"): 5,
    ("signal_backtests", "costs"): '{"spread": "0.20", "commission": "0"}',
    ("signal_backtests", "report"): None,
    ("signal_backtests", "progress"): 0,
    ("signal_settings", "queued"): None,
    ("signal_settings", "rails"): "{}",
    # Whose signals are found by their strategy, and whose by one that has not ended.
    ("signals", "state"): lambda tenant, mark: "draft" if tenant.name == "mine" else "closed",
    ("signal_settings", "strategy"): lambda tenant, mark: None if tenant.name == "mine" else mark,
    ("secrets", "purpose"): "bot.token",
    # Twins' secrets are those of their bots.
    ("secrets", "subject"): lambda tenant, mark: (
        str(uuid5(NAMESPACE_OID, f"{mark} bots.id")) if tenant.is_twin else f"{mark} secrets.subject"
    ),
    ("secrets", "last4"): lambda tenant, mark: mark[-4:],
    ("secret_fingerprints", "fingerprint"): lambda tenant, mark: sha256(f"fingerprint {mark}"),
}

# A statement's parameter by its name, or by `area.statement.name`: what is neither `tenant_id` nor a column of a table
# that the statement touches. "table.column" stands for the tenant's own value there, also inside a list.
ARGUMENTS: dict[str, Any] = {
    "a_minute": 1,
    "actors": ["nobody"],
    "after": "",
    "after_at": None,
    "after_id": None,
    "after_moment": None,
    "after_number": None,
    "after_position": -1,
    "after_slug": "",
    "after_way": None,
    "after_created": None,
    "after_post": None,
    "ahead_s": 1.0,
    "amount_minor": 100,
    "archived": True,
    "at": None,
    "attempts_of": [1],
    "before": NOW,
    "before_at": None,
    "before_bot": None,
    "before_number": 2**31 - 1,
    "before_update": None,
    "bot": False,
    "bot_id": "bots.id",
    "channel": "web",
    "chat_burst_s": 3.0,
    "chat_spacing_s": 1.0,
    "chats": ["conversations.chat_id"],
    "tenants.tenants_inviting.email": "invitations.email",
    "tenants.is_member_address.email": "users.email",
    "tenants.drop_invitations_of.user_id": "invitations.invited_by",
    "data": "{}",
    # From the day of somebody first seen in the future back to that of an event in the past, as the worlds have them.
    "days": [-27_028],
    "closes": [1],
    "highs": [1],
    "lows": [1],
    "opens": [1],
    "stamps": ["bars.opened_at"],
    "delay_s": 60,
    "detail": "because",
    "dimension": "code",
    "error": "because",
    "gone": "outbox.error_code",
    "group_most": 20,
    "group_window_s": 60.0,
    "hashes": ["telegram_files.sha256"],
    "horizon_s": 1.0,
    "ids": ["outbox.id"],
    "key": "renders.object_key",
    "keys": ["outbox.idempotency_key"],
    "lease_s": 60,
    "limit": 10,
    "messages": '[{"chat_id": 1, "kind": "reply", "method": "sendMessage", "payload": {}, "priority": 1,'
    ' "idempotency_key": "twin outbox.idempotency_key"}]',
    "most": 10,
    "needle": "",
    "new_chat_id": 2,
    "now": NOW,
    "nobody": "chat:-5",
    "number": 1,
    "of_bot": None,
    "of_channel": None,
    "of_person": None,
    "only_bot": None,
    "only_chat": None,
    "only_id": None,
    "opened_before": NOW,
    "patience_s": 1.0,
    "pending": 3,
    "problem": "token_refused",
    "person": "conversations.user_id",
    "priorities": [1],
    "public_id": "bots.public_id",
    "reason": "because",
    "seal": "v1.k0",
    "seconds": 60,
    "since": LONG_AGO,
    "slots": 1,
    "slug": "tenants.slug",
    "slugs": ["templates.slug"],
    "spacing_s": 0.1,
    "stand_in": -5,
    "states": None,
    "subject": "users.subject",
    "code_id": "local_codes.id",
    "tenant_ids": ["tenants.tenant_id"],
    "times": 1,
    "token_hash": "visits.token_hash",
    "uncounted": 0,
    "unit": "day",
    "until": FUTURE,
    "user_id": "users.user_id",
    "user_ids": ["memberships.user_id"],
    "wanted": None,
    "wanted_when": "hour",
    "web": False,
    "window_s": 60,
    "within_s": 2e9,
    "zone": "UTC",
    "signals.find_owner_chat.channel_id": "channels.id",
    "signals.find_signal.signal_id": "signals.id",
    "signals.list_signal_rows.signal_id": "signals.id",
    "signals.list_signals.before_at": None,
    "signals.list_signals.before_id": "",
    "signals.list_troubles.since": LONG_AGO,
    "draft": "a draft",
    "faults": "[]",
    "line": "a line",
    "most_lines": 100,
    "today": TODAY,
    "took_ms": 1,
    "writes_lines": True,
    "lines_a_day": 1,
    "briefs": True,
    "free_channel_id": "channels.id",
    "promote_from": 1,
    "promote_to": 5,
    "promote_days": [1],
    "delivery.rewrite_own.params": "{}",
    "object_key": "signal_cards.object_key",
    # Only one is kept, and the other's may be newer.
    "signals/backtests.drop_old_backtests.most": 1,
    "signals/telling.find_channel.channel_id": "channels.id",
    "signals/telling.list_uncarded.since": LONG_AGO,
    "signals/telling.list_unended.since": LONG_AGO,
    "signals/telling.first_published.since": LONG_AGO,
    "signals/telling.first_published.until": datetime(2101, 1, 1, tzinfo=UTC),
    "signals/telling.set_line.signal_id": "signals.id",
    "signals/telling.begin_line.outcome": "asked",
    "signals/telling.end_line.outcome": "used",
    "signals/telling.list_lines.before_at": None,
    "signals/telling.list_lines.before_id": "",
    "wanted_outcome": None,
    "wanted_state": None,
    "wanted_strategy": None,
    "analytics.list_steps.before": None,
    # Of all bots, since those of `people_seen` refer to none; and in a period before which somebody may have been seen.
    "analytics.count_funnel.bot_id": None,
    "analytics.count_returning.bot_id": None,
    "analytics.count_returning.since": NOW,
    "analytics.count_returning.until": datetime(2101, 1, 1, tzinfo=UTC),
    "signals.count_bars.first": LONG_AGO,
    "signals.count_bars.last": NOW,
    "delivery.pause_bot.refused": ["secret_fingerprints.fingerprint"],
    "publishing.find_draft.slug": "templates.slug",
    "publishing.find_given.slug": "templates.slug",
    "publishing.find_shareable.slug": "templates.slug",
    "publishing.templates_with_file.key": "uploads.published_key",
    "publishing.find_fonts.keys": ["uploads.published_key"],
    "publishing.find_pictures.keys": ["uploads.published_key"],
    "publishing.note_given.sha256": "0" * 64,
    "publishing.find_version_document.slug": "templates.slug",
    "publishing.list_pictures.before_id": None,
    "publishing.list_versions.slug": "templates.slug",
    "publishing.put_draft.slug": "templates.slug",
    "publishing.restore_version.slug": "templates.slug",
    "publishing.drop_expired_renders.key": "renders.object_key",
    "publishing.is_shown.key": "renders.object_key",
    # Of a page that starts before the first row, and of a sender that holds no lease yet.
    "delivery.claim.lease_token": "a new lease",
    "delivery.list_messages.before": None,
    "publishing.finish_upload.key": "uploads.published_key",
    "publishing.intend_upload.before": "uploads.published_key",
    "publishing.intend_upload.key": "uploads.published_key",
    "publishing.drop_unfinished_upload.reason": "uploads.reason",
    # News of a channel after those that are known.
    "telegram.close_channel.told_at": FUTURE,
    "telegram.open_channel.told_at": FUTURE,
    "leaving.drop_counts.actors": ["rate_limits.actor"],
    "leaving.drop_misses.actors": ["coupon_misses.actor"],
    "signals.list_rows.after_number": 0,
    "leaving.count_deleted_files.gone": 1,
    "leaving.count_deleted_rows.gone": 1,
    "leaving.count_deleted_rows.name": "audit_log",
    "leaving.erase_rows.name": "audit_log",
    "leaving.read_page.after": None,
    "leaving.read_page.name": "audit_log",
    "tenants.list_audit.before": None,
    "tenants.secrets_under_older_keys.purpose": "",
    "tenants.secrets_under_older_keys.subject": "",
}

# Parameters by how they are named, for those that stand in no table of these.
NAMED: dict[str, Any] = {r".*_s": 60.0, r"(is|has|wants|may)_.*": True, r"most_.*": 10, r".*_(at|before|since)": NOW}

# Statements that read the clock and answer with what is left until some moment.
CLOCKED = {"delivery.reserve_slots", "delivery.reserve_and_intend", "delivery.tell_clock"}
