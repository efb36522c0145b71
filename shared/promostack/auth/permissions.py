"""The permission matrix: what each role may do inside its tenant. Every client route names one permission."""

from typing import Literal

Role = Literal["owner", "admin", "member"]
ROLES: tuple[Role, ...] = ("owner", "admin", "member")

_EVERYONE = frozenset(ROLES)
_LEADERS: frozenset[Role] = frozenset({"owner", "admin"})
_OWNER: frozenset[Role] = frozenset({"owner"})

MATRIX: dict[str, frozenset[Role]] = {
    "tenant.read": _EVERYONE,
    "members.read": _EVERYONE,
    "settings.write": _LEADERS,
    "members.write": _LEADERS,
    "members.promote": _OWNER,
    # Removing oneself; that it takes members.write to remove somebody else is the service's rule.
    "members.leave": _EVERYONE,
    "audit.read": _LEADERS,
    # All that the tenant has in one file, and the end of it.
    "tenant.export": _OWNER,
    "tenant.close": _OWNER,
    "tenant.handover": _OWNER,
    # Forgetting somebody who wrote to a bot.
    "people.erase": _LEADERS,
    "uploads.write": _LEADERS,
    "bots.read": _EVERYONE,
    "bots.write": _LEADERS,
    # Keys of other services that the workspace is connected with.
    "connections.write": _LEADERS,
    # What people wrote to a bot in private.
    "chats.read": _LEADERS,
    "posts.read": _EVERYONE,
    "posts.write": _LEADERS,
    "outbox.read": _EVERYONE,
    "outbox.write": _LEADERS,
    "signals.read": _EVERYONE,
    # A strategy that is chosen posts to the channel by itself.
    "signals.write": _LEADERS,
    "analytics.read": _EVERYONE,
    # A file leaves the house with people's ids and codes in it.
    "analytics.export": _LEADERS,
    "templates.read": _EVERYONE,
    "templates.write": _LEADERS,
    "batches.read": _EVERYONE,
    # Codes by the hundred, printed.
    "batches.write": _LEADERS,
    "coupons.read": _EVERYONE,
    "coupons.write": _LEADERS,
    # At the counter: whoever serves a customer.
    "coupons.redeem": _EVERYONE,
}


def allows(role: Role, permission: str) -> bool:
    """True when `role` has `permission`; an unknown one is a KeyError, because a typo must not grant anything."""
    return role in MATRIX[permission]
