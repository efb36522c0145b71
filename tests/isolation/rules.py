"""Every route of the product: who may call it, a call that succeeds, and what everybody else gets.

A route that is not here fails the test. `{…}` in a path, a body or a query stands for one of `values()`: those of
tenant alpha, or made-up ones that nobody has.
"""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.isolation.house import ALPHA, BETA, COLLEAGUE, OWNER, House
from tests.isolation.outside import PASSWORD, PLATFORM_EMAIL

Outcome = tuple[int, str]
Who = Literal["anyone", "vendor", "person", "member", "platform", "password", "visitor"]

# What each kind of caller gets where he does not belong, by who may call the route.
ANONYMOUS, HOST, RIGHT = (401, "not_signed_in"), (403, "host_refused"), (403, "not_allowed")
WEAK = "member without the right"
FOREIGN: Outcome = (404, "tenant_not_found")
REFUSED: Mapping[Who, Mapping[str, Outcome]] = {
    "person": {
        "anonymous": ANONYMOUS,
        "on the admin host": HOST,
        "by a token of the admin page": ANONYMOUS,
        "forged header alone": ANONYMOUS,
        "forged header beside a token": ANONYMOUS,
        "admin's cookie": ANONYMOUS,
    },
    "member": {
        "anonymous": ANONYMOUS,
        "other tenant's owner": FOREIGN,
        "newcomer": FOREIGN,
        "on the admin host": HOST,
        "by a token of the admin page": ANONYMOUS,
        "forged header alone": ANONYMOUS,
        "forged header beside a token": ANONYMOUS,
        "admin's cookie": ANONYMOUS,
    },
    "platform": {
        "anonymous": ANONYMOUS,
        "tenant's owner": RIGHT,
        "other tenant's owner": RIGHT,
        "on the dash host": HOST,
        "from a page of the dash host": HOST,
        "by a token of the dash page": ANONYMOUS,
        "forged header alone": ANONYMOUS,
        "forged header beside a token": ANONYMOUS,
        "cookie from another origin": HOST,
        "cookie from a sibling page": HOST,
        "cookie of another site's request": RIGHT,
        "cookie of another host": ANONYMOUS,
        "cookie of an ended epoch": ANONYMOUS,
    },
    "visitor": {
        "anonymous": ANONYMOUS,
        "tenant's owner": ANONYMOUS,
        "on the admin host": HOST,
        "admin's cookie": ANONYMOUS,
    },
    "password": {
        "from another site": RIGHT,
        "from another origin": HOST,
        "on the dash host": HOST,
        "from a page of the dash host": HOST,
    },
    "vendor": {
        "anonymous": (401, "wrong_secret"),
        "other tenant's secret": (401, "wrong_secret"),
        "other tenant's owner": (401, "wrong_secret"),
        "forged header alone": (401, "wrong_secret"),
        "on the dash host": HOST,
        "on the admin host": HOST,
    },
    "anyone": {},
}


@dataclass(frozen=True)
class Rule:
    """`roles` may call a member's route; the rest of the tenant's people get `not_allowed`.

    `crossed`: the answer when the other tenant's owner, in his own tenant, names an id of alpha's; or, on a public
    route, when the request names tenant beta and a thing of alpha's. None where a request names nothing.
    """

    who: Who
    roles: tuple[str, ...] = ()
    body: Any = None
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    crossed: Outcome | None = None
    refused: Mapping[str, Outcome] = field(default_factory=dict)
    # Columns of alpha's rows without which the call could not succeed.
    given: Mapping[tuple[str, str], Any] = field(default_factory=dict)

    def outcomes(self) -> dict[str, Outcome]:
        """What each kind of caller gets who does not belong here."""
        lacks_right = {WEAK: RIGHT} if self.roles and "member" not in self.roles else {}
        return {**REFUSED[self.who], **lacks_right, **self.refused}


EVERYONE, LEADERS, OWNERS = ("owner", "admin", "member"), ("owner", "admin"), ("owner",)

# A post that is sent long after these tests.
A_POST = {
    "channel": "{channel_id}", "template": "{template}", "format": "square", "code": "{own_code}", "caption": "New",
}  # fmt: skip
IN_A_MONTH = (datetime.now(UTC) + timedelta(days=30)).isoformat()
WAITING = {
    ("outbox", "method"): "sendPhoto",
    ("outbox", "state"): "waiting",
    ("outbox", "due_at"): "2100-01-02T03:04:05+00:00",
}
# One that nobody sends at once, because its bot stands still.
DEAD = {("outbox", "state"): "failed", ("bots", "state"): "paused"}
A_DOCUMENT = {
    "schema": 2, "slug": "{slug}", "name": "Another",
    "formats": {"square": {"width": 64, "height": 64, "background": {"color": "#101820"}, "layers": []}},
}  # fmt: skip
A_FONT = {("uploads", "purpose"): "font", ("uploads", "state"): "done"}
UNUSED_FONT = {**A_FONT, ("uploads", "replaced_at"): None, ("uploads", "published_key"): "uploads/a-font"}
A_PICTURE = {("uploads", "purpose"): "picture", ("uploads", "state"): "done"}
NO_BACKTEST = {("signal_backtests", "state"): "failed"}
NO_BATCH = {("picture_batches", "state"): "expired"}
NO_EXPORT = {("tenant_exports", "state"): "expired"}
CLOSING = {("tenants", "state"): "closing", ("tenants", "erase_at"): "2100-01-02T03:04:05+00:00", **NO_EXPORT}
PARKED = {("telegram_updates", "state"): "parked", ("telegram_updates", "received_at"): datetime.now(UTC).isoformat()}

# A bot whose token can be read: sealed as those of the first version were, by the key of these tests.
A_BOT = "00000000-0000-4000-8000-00000000b071"
_SEALED = b"0" * 12 + AESGCM(b"k" * 32).encrypt(
    b"0" * 12, f"7654321:{'a-token-' * 4}".encode(), f"{ALPHA.id}|bot.token".encode()
)
READABLE = {
    ("bots", "id"): A_BOT,
    ("secrets", "subject"): A_BOT,
    ("secrets", "ciphertext"): f"v1.k1.{urlsafe_b64encode(_SEALED).decode()}",
}

# Everything that comes before a first template.
CONNECTED = {
    ("bots", "state"): "active",
    ("bots", "checked_at"): datetime.now(UTC).isoformat(),
    ("bots", "check_problem"): None,
    ("tenants", "settings"): '{"coupon_providers": [{"kind": "local"}]}',
}

# Codes are checked at FunderPro.
ASKED_THERE = {("tenants", "settings"): '{"coupon_providers": [{"kind": "funderpro"}]}'}

RULES: dict[str, Rule] = {
    "GET public/health": Rule("anyone"),
    "GET public/templates": Rule("anyone", query={"tenant": "{tenant}"}),
    "GET public/track-record": Rule("anyone", query={"tenant": "{tenant}"}),
    "GET public/track-record/export": Rule("anyone", query={"tenant": "{tenant}"}),
    "GET public/templates/{slug}": Rule("anyone", query={"tenant": "{tenant}"}, crossed=(404, "template_not_found")),
    "POST public/validate-coupon": Rule("anyone", body={"tenant": "{tenant}", "code": "{code}"}, crossed=(200, "")),
    "POST public/render-coupon": Rule(
        "anyone",
        body={"tenant": "{tenant}", "template": "{template}", "format": "square", "code": "{own_code}"},
        crossed=(404, "template_not_found"),
    ),
    "GET client/session": Rule("person", refused={"other tenant's owner": FOREIGN}),
    "POST client/session/tenant": Rule("person", body={"name": "A second house"}),
    "PUT client/session/current": Rule("person", body={"tenant": "{tenant_id}"}, crossed=FOREIGN),
    "POST client/session/invitations/{tenant_id}/{invitation_id}": Rule(
        "person",
        given={("invitations", "email"): OWNER.email},
        crossed=(404, "invitation_not_found"),
        refused={"other tenant's owner": (404, "invitation_not_found")},
    ),
    "DELETE client/session/visit": Rule("visitor"),
    "GET client/settings": Rule("member", EVERYONE),
    "PUT client/settings": Rule("member", LEADERS, body={"name": "Alpha & Sons"}),
    "DELETE client/settings/logo": Rule("member", LEADERS),
    "GET client/settings/members": Rule("member", EVERYONE),
    "PUT client/settings/members/{user_id}": Rule(
        "member", LEADERS, body={"role": "member"}, crossed=(404, "member_not_found")
    ),
    "POST client/settings/members/{user_id}/owner": Rule("member", OWNERS, crossed=(404, "member_not_found")),
    "DELETE client/settings/members/{user_id}": Rule(
        # Anyone may leave; removing somebody else takes more.
        "member",
        EVERYONE,
        crossed=(404, "member_not_found"),
        refused={WEAK: RIGHT},
    ),
    "GET client/settings/invitations": Rule("member", LEADERS),
    "POST client/settings/invitations": Rule("member", LEADERS, body={"email": "new@people.example"}),
    "DELETE client/settings/invitations/{invitation_id}": Rule(
        "member", LEADERS, crossed=(404, "invitation_not_found"), given={("invitations", "role"): "member"}
    ),
    "GET client/settings/audit": Rule("member", LEADERS),
    "POST client/uploads": Rule("member", LEADERS, body={"purpose": "logo", "media_type": "image/png", "bytes": 100}),
    "GET client/uploads/pictures": Rule("member", EVERYONE, given=A_PICTURE),
    "GET client/uploads/fonts": Rule("member", EVERYONE, given=A_FONT),
    "DELETE client/uploads/fonts/{font_id}": Rule(
        "member", LEADERS, crossed=(404, "font_not_found"), given=UNUSED_FONT
    ),
    "POST client/uploads/{upload_id}/finish": Rule("member", LEADERS, crossed=(404, "upload_not_found")),
    "GET client/leaving": Rule("member", EVERYONE),
    "POST client/leaving/exports": Rule("member", OWNERS, given=NO_EXPORT),
    "POST client/leaving/exports/{export_id}/links": Rule(
        "member", OWNERS, crossed=(404, "export_not_found"), given={("tenant_exports", "state"): "done"}
    ),
    "POST client/leaving/closing": Rule("member", OWNERS, body={"name": "{tenant_name}"}),
    "DELETE client/leaving/closing": Rule("member", OWNERS, given=CLOSING),
    "POST client/leaving/erasures": Rule("member", LEADERS, body={"person": 4_000_000_004}),
    "GET client/analytics": Rule(
        "member",
        EVERYONE,
        query={"since": "2026-01-01", "until": "2026-01-31", "bot": "{bot_id}"},
        crossed=(404, "bot_not_found"),
    ),
    "GET client/analytics/export/{table}": Rule(
        "member",
        LEADERS,
        query={"since": "2026-01-01", "until": "2026-01-31", "bot": "{bot_id}"},
        crossed=(404, "bot_not_found"),
    ),
    "GET client/analytics/people/{person}": Rule("member", EVERYONE, crossed=(404, "person_not_found")),
    "GET client/templates": Rule("member", EVERYONE),
    "POST client/templates/visibility": Rule(
        "member",
        LEADERS,
        body={"slugs": ["{slug}"], "web": False},
        crossed=(404, "template_not_found"),
    ),
    "PUT client/templates/order": Rule(
        "member", LEADERS, body={"slugs": ["{slug}"]}, crossed=(404, "template_not_found")
    ),
    "GET client/templates/{slug}/versions": Rule("member", EVERYONE, crossed=(404, "template_not_found")),
    "POST client/templates/{slug}/versions/{number}/restore": Rule(
        "member", LEADERS, crossed=(404, "template_not_found")
    ),
    "GET client/batches": Rule("member", EVERYONE),
    "POST client/batches": Rule(
        "member",
        LEADERS,
        body={"template": "{slug}", "formats": ["square"], "codes": "A-CODE"},
        crossed=(404, "template_not_found"),
        given=NO_BATCH,
    ),
    "POST client/batches/{batch_id}/cancel": Rule(
        "member", LEADERS, crossed=(404, "batch_not_found"), given={("picture_batches", "state"): "waiting"}
    ),
    "POST client/batches/{batch_id}/links": Rule(
        "member", LEADERS, crossed=(404, "batch_not_found"), given={("picture_batches", "state"): "done"}
    ),
    "POST client/editor": Rule("member", LEADERS, body={"document": {**A_DOCUMENT, "slug": "a-new-one"}}),
    "POST client/editor/brand": Rule(
        "member",
        LEADERS,
        body={"slug": "a-branded-one", "name": "Ours", "background": "#0B1739", "accent": "#8B7BFF"},
    ),
    "GET client/editor/{slug}": Rule("member", EVERYONE, crossed=(404, "template_not_found")),
    "PUT client/editor/{slug}": Rule(
        "member",
        LEADERS,
        body={"revision": 1, "document": A_DOCUMENT},
        crossed=(404, "template_not_found"),
    ),
    "POST client/editor/{slug}/drop": Rule(
        "member", LEADERS, body={"revision": 1}, crossed=(404, "template_not_found")
    ),
    "POST client/editor/{slug}/publish": Rule(
        "member", LEADERS, body={"revision": 1}, crossed=(404, "template_not_found")
    ),
    "GET client/editor/{slug}/versions/{number}": Rule("member", EVERYONE, crossed=(404, "version_not_found")),
    "GET client/coupons": Rule("member", EVERYONE),
    "POST client/coupons": Rule("member", LEADERS, body={"code": "A-NEW-ONE"}),
    "GET client/coupons/providers": Rule("member", EVERYONE),
    "PUT client/coupons/providers": Rule("member", LEADERS, body={"providers": ["local"]}),
    "PUT client/coupons/{code}": Rule(
        "member",
        LEADERS,
        body={"budget_minor": 2_000_000, "currency": "EUR"},
        crossed=(404, "code_not_found"),
    ),
    "POST client/coupons/{code}/redeem": Rule(
        "member",
        EVERYONE,
        body={"order": "order-1", "customer": "ann"},
        crossed=(404, "code_not_found"),
        given={("local_codes", "most_total"): 9, ("local_codes", "most_per_customer"): 9},
    ),
    "POST client/coupons/{code}/release": Rule(
        "member", EVERYONE, body={"order": "order-1"}, crossed=(404, "code_not_found")
    ),
    "GET client/bots": Rule("member", EVERYONE),
    "GET client/bots/{bot_id}": Rule("member", EVERYONE, crossed=(404, "bot_not_found")),
    "POST client/bots/{bot_id}/check": Rule("member", EVERYONE, crossed=(404, "bot_not_found")),
    "PUT client/bots/{bot_id}/token": Rule(
        "member", LEADERS, body={"token": "{bot_token}"}, crossed=(404, "bot_not_found")
    ),
    "POST client/bots/{bot_id}/webhook": Rule("member", LEADERS, crossed=(404, "bot_not_found")),
    "PUT client/bots/{bot_id}/settings": Rule(
        "member", LEADERS, body={"group_answer": "silent"}, crossed=(404, "bot_not_found")
    ),
    "GET client/bots/{bot_id}/rate": Rule("member", EVERYONE, crossed=(404, "bot_not_found")),
    "GET client/bots/chats/{chat_id}": Rule("member", LEADERS, crossed=(404, "chat_not_found")),
    "GET client/onboarding": Rule("member", EVERYONE),
    "GET client/onboarding/palettes": Rule("member", LEADERS),
    "POST client/onboarding/template": Rule(
        "member", LEADERS, body={"background": "#0B1739", "accent": "#8B7BFF"}, given=CONNECTED
    ),
    "GET client/vendors": Rule("member", EVERYONE),
    "PUT client/vendors/stripe": Rule("member", LEADERS, body={"key": "rk_live_aKeyOfNobodys"}),
    "PUT client/vendors/funderpro": Rule("member", LEADERS, body={"product_ids": ["product-2"]}),
    "PUT client/vendors/twelve_data": Rule("member", LEADERS, body={"key": "a-key-of-nobodys"}),
    "PUT client/vendors/openai": Rule("member", LEADERS, body={"key": "sk-a-key-of-nobodys"}),
    "POST client/vendors/{kind}/check": Rule("member", LEADERS, given=ASKED_THERE),
    "DELETE client/vendors/{kind}": Rule("member", LEADERS, given=ASKED_THERE),
    "GET client/connections": Rule("member", EVERYONE),
    "GET client/connections/managed": Rule("member", LEADERS),
    "POST client/connections/managed": Rule("member", LEADERS),
    "DELETE client/connections/bots/{bot_id}": Rule("member", LEADERS, crossed=(404, "bot_not_found")),
    "DELETE client/connections/channels/{channel_id}": Rule("member", LEADERS, crossed=(404, "channel_not_found")),
    "POST client/connections/bots": Rule("member", LEADERS, body={"token": f"7654321:{'a-token-' * 4}"}),
    "POST client/connections/channels": Rule(
        "member",
        LEADERS,
        body={"bot": A_BOT, "channel": "@everybodys"},
        given=READABLE,
        crossed=(404, "bot_not_found"),
    ),
    "GET client/posts": Rule("member", EVERYONE, query={"channel": "{channel_id}"}, crossed=(404, "channel_not_found")),
    "GET client/posts/channels": Rule("member", EVERYONE),
    "GET client/posts/{post_id}": Rule("member", EVERYONE, crossed=(404, "post_not_found")),
    "POST client/posts/preview": Rule("member", LEADERS, body=A_POST, crossed=(404, "channel_not_found")),
    "POST client/posts": Rule(
        "member", LEADERS, body={**A_POST, "when": IN_A_MONTH}, crossed=(404, "channel_not_found")
    ),
    "PUT client/posts/{post_id}/caption": Rule(
        "member", LEADERS, body={"caption": "Another"}, crossed=(404, "post_not_found"), given=WAITING
    ),
    "DELETE client/posts/{post_id}": Rule("member", LEADERS, crossed=(404, "post_not_found"), given=WAITING),
    "GET client/signals": Rule("member", EVERYONE),
    "GET client/signals/desk": Rule("member", EVERYONE),
    "GET client/signals/strategies": Rule("member", EVERYONE),
    "GET client/signals/candles": Rule("member", EVERYONE),
    "GET client/signals/backtests": Rule("member", EVERYONE),
    "POST client/signals/backtests": Rule("member", LEADERS, body={"strategy": "aggressive"}, given=NO_BACKTEST),
    "GET client/signals/backtests/{backtest_id}": Rule("member", EVERYONE, crossed=(404, "backtest_not_found")),
    "GET client/signals/{signal_id}": Rule("member", EVERYONE, crossed=(404, "signal_not_found")),
    "PUT client/signals/settings": Rule(
        "member", LEADERS, body={"channel": "{channel_id}"}, crossed=(404, "channel_not_found")
    ),
    "GET client/signals/telling/choices": Rule("member", EVERYONE),
    "PUT client/signals/telling/choices": Rule("member", LEADERS, body={}),
    "GET client/signals/telling/lines": Rule("member", EVERYONE),
    "POST client/signals/telling/preview": Rule(
        "member", LEADERS, given={**READABLE, ("conversations", "blocked_at"): None}
    ),
    "PUT client/signals/strategy": Rule("member", LEADERS, body={"strategy": "aggressive"}),
    "POST client/signals/pause": Rule("member", LEADERS, body={"minutes": 60}),
    "DELETE client/signals/pause": Rule("member", LEADERS),
    "POST client/signals/preview": Rule(
        "member", LEADERS, body={"strategy": "aggressive"}, given={**READABLE, ("conversations", "blocked_at"): None}
    ),
    "GET client/outbox": Rule("member", EVERYONE, query={"bot": "{bot_id}", "limit": "5"}),
    "GET client/outbox/counts": Rule("member", EVERYONE),
    "GET client/outbox/parked": Rule("member", EVERYONE, query={"bot": "{bot_id}"}, given=PARKED),
    "POST client/outbox/requeue": Rule(
        "member", LEADERS, body={"ids": ["{message}"]}, crossed=(404, "message_not_found"), given=DEAD
    ),
    "POST client/outbox/cancel": Rule(
        "member", LEADERS, body={"ids": ["{message}"]}, crossed=(404, "message_not_found"), given=WAITING
    ),
    "POST client/outbox/parked/retry": Rule(
        "member", LEADERS, body={"ids": ["{update}"]}, crossed=(404, "update_not_found"), given=PARKED
    ),
    "GET admin/login": Rule("platform"),
    "POST admin/login": Rule("password", body={"email": PLATFORM_EMAIL, "password": PASSWORD}),
    "DELETE admin/login": Rule("password"),
    "POST admin/login/end-all": Rule("platform"),
    "GET admin/operations/refusals": Rule("platform"),
    "GET admin/tenants": Rule("platform", query={"q": "canary"}),
    "GET admin/tenants/{tenant_id}": Rule("platform"),
    "GET admin/tenants/{tenant_id}/usage": Rule("platform"),
    "GET admin/tenants/{tenant_id}/templates": Rule("platform"),
    "POST admin/tenants/{tenant_id}/templates/{slug}/share": Rule("platform"),
    "POST admin/tenants/{tenant_id}/suspend": Rule("platform", body={"reason": "an investigation"}),
    "POST admin/tenants/{tenant_id}/resume": Rule("platform", given={("tenants", "state"): "suspended"}),
    "POST admin/tenants/{tenant_id}/visits": Rule("platform", body={"reason": "codes are refused"}),
    "POST admin/tenants/{tenant_id}/closing": Rule("platform", body={"reason": "asked for by letter"}),
    "DELETE admin/tenants/{tenant_id}/closing": Rule("platform", given=CLOSING),
    # An update that no conversation answers.
    "POST hooks/telegram-webhook/{bot}": Rule(
        "vendor",
        body={"update_id": 5, "poll": {"id": "1"}},
        headers={"x-telegram-bot-api-secret-token": "secret of canary-alpha"},
    ),
}

# Functions that the web cannot reach; each is here so that a new one is thought of.
NOT_ON_THE_WEB = {
    "work/tick", "work/deliver", "work/maintenance", "work/leaving", "work/batch", "work/backtest",
    "work/forex-scan", "work/forex-track", "work/forex-recap",
}  # fmt: skip


def values(house: House) -> dict[str, str]:
    """What alpha's ids and names are. `tenant` is who is asked, the others are what is asked for."""
    return {
        "tenant": ALPHA.canary,
        "tenant_id": ALPHA.id,
        "tenant_name": house.row(ALPHA, "tenants")["name"],
        "export_id": house.row(ALPHA, "tenant_exports")["id"],
        "backtest_id": house.row(ALPHA, "signal_backtests")["id"],
        "batch_id": house.row(ALPHA, "picture_batches")["id"],
        "kind": "funderpro",
        "slug": house.row(ALPHA, "templates")["slug"],
        "template": house.row(ALPHA, "templates")["slug"],
        "code": house.row(ALPHA, "coupon_checks")["code"],
        "own_code": house.row(ALPHA, "coupon_checks")["code"],
        "user_id": COLLEAGUE.user_id,
        "person": str(house.row(ALPHA, "usage_events")["user_id"]),
        "bot_id": house.row(ALPHA, "bots")["id"],
        "bot_token": f"{house.row(ALPHA, 'bots')['telegram_id']}:{'a-token-' * 4}",
        "chat_id": str(house.row(ALPHA, "conversations")["chat_id"]),
        "table": "summary",
        # With zeros before it: in answers it is replaced wherever it stands.
        "number": "00000001",
        "channel_id": house.row(ALPHA, "channels")["id"],
        "post_id": house.row(ALPHA, "channel_posts")["id"],
        "signal_id": house.row(ALPHA, "signals")["id"],
        "upload_id": house.row(ALPHA, "uploads")["id"],
        "font_id": house.row(ALPHA, "uploads")["id"],
        "invitation_id": house.row(ALPHA, "invitations")["id"],
        "bot": house.row(ALPHA, "bots")["public_id"],
        "message": house.row(ALPHA, "outbox")["idempotency_key"],
        "update": f"{house.row(ALPHA, 'bots')['id']}:{house.row(ALPHA, 'telegram_updates')['update_id']}",
    }


def crossed_values(house: House) -> dict[str, str]:
    """Alpha's things, asked for at beta."""
    return {**values(house), "tenant": BETA.canary, "own_code": house.row(BETA, "coupon_checks")["code"]}


def made_up(known: Mapping[str, str], *, keep: tuple[str, ...] = ()) -> dict[str, str]:
    """Values of the same kinds that nobody has, but for those to keep."""

    def one(name: str) -> str:
        word = f"nobodys-{uuid4().hex[:12]}"
        return str(uuid4()) if name.endswith("_id") else word.upper() if name.endswith("code") else word

    return {name: value if name in keep else one(name) for name, value in known.items()}
