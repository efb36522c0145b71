"""A tenant's templates as it looks after them: where each is shown, in which order, and which version counts.

Galleries and bots read the same rows with every call, so that a change is seen by their next one, warm or not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from promostack.db.sql import load
from promostack.db.uow import Transaction, unit_of_work
from promostack.publishing.errors import VersionNotFound
from promostack.templates.errors import TemplateNotFound
from promostack.tenants import audit, standing
from promostack.tenants.audit import Actor

_sql = load(__package__)
_FIRST = (-(2**31), "")
_LAST_NUMBER = 2**31 - 1
COUNTED_DAYS = 30


@dataclass(frozen=True)
class Kept:
    """A template. `pictures`: different ones made of it in thirty days, on the web and in bots.

    `number` is None before the first version; `is_changed`: there is a draft that is not published.
    """

    slug: str
    name: str
    web_visible: bool
    bot_visible: bool
    archived: bool
    position: int
    number: int | None
    published_at: datetime | None
    thumbnail_key: str | None
    pictures: int
    is_changed: bool


@dataclass(frozen=True)
class Version:
    """One version of a template; the published one is what new pictures are made of."""

    number: int
    created_at: datetime
    thumbnail_key: str | None
    is_published: bool


@dataclass(frozen=True)
class Switches:
    """Where templates are shown; None leaves a switch as it is. What is archived is shown nowhere."""

    web: bool | None = None
    bot: bool | None = None
    archived: bool | None = None


def list_all(tenant_id: str, *, now: datetime, most: int, after: tuple[int, str] | None = None) -> list[Kept]:
    """In the tenant's order; `after` is the last item's (position, slug)."""
    position, slug = after or _FIRST
    with unit_of_work(tenant_id) as tx:
        rows = tx.rows(
            _sql.list_all,
            tenant_id=tenant_id,
            since=now - timedelta(days=COUNTED_DAYS),
            after_position=position,
            after_slug=slug,
            most=most,
        )
    return [Kept(**row) for row in rows]


def switch(tenant_id: str, slugs: Sequence[str], switches: Switches, *, actor: Actor) -> int:
    """Turns the switches of all named templates or, raising TemplateNotFound, of none; how many were changed."""
    wanted = {"web_visible": switches.web, "bot_visible": switches.bot, "archived": switches.archived}
    wanted = {name: value for name, value in wanted.items() if value is not None}
    with unit_of_work(tenant_id) as tx:
        standing.check(tx, tenant_id, actor)
        before = _held(tx, tenant_id, slugs)
        changed = [row for row in before if any(row[name] != value for name, value in wanted.items())]
        at = {"tenant_id": tenant_id, "slugs": [row["slug"] for row in changed]}
        tx.run(_sql.switch_templates, **at, web=switches.web, bot=switches.bot, archived=switches.archived)
        for row in changed:
            turned = {name: {"from": row[name], "to": to} for name, to in wanted.items() if row[name] != to}
            audit.record(tx, tenant_id, actor, "template.switched", target=row["slug"], data=turned)
    return len(changed)


def order(tenant_id: str, slugs: Sequence[str], *, actor: Actor) -> None:
    """These come first, in this order, the others behind them as they were; raises TemplateNotFound."""
    with unit_of_work(tenant_id) as tx:
        standing.check(tx, tenant_id, actor)
        _refuse_unknown(slugs, [row["slug"] for row in tx.rows(_sql.lock_templates, tenant_id=tenant_id, slugs=None)])
        if tx.run(_sql.order_templates, tenant_id=tenant_id, slugs=list(slugs)):
            audit.record(tx, tenant_id, actor, "template.ordered", data={"first": list(slugs[:5])})


def list_versions(tenant_id: str, slug: str, *, most: int, before: int | None = None) -> list[Version]:
    """The newest first; raises TemplateNotFound."""
    with unit_of_work(tenant_id) as tx:
        rows = tx.rows(
            _sql.list_versions,
            tenant_id=tenant_id,
            slug=slug,
            before_number=_LAST_NUMBER if before is None else before,
            most=most,
        )
    if not rows and before is None:
        raise TemplateNotFound("There is no such template; choose another one.", fields={"template": "not found"})
    return [Version(**row) for row in rows]


def restore(tenant_id: str, slug: str, number: int, *, actor: Actor) -> None:
    """Makes new pictures of an earlier (or later) version; raises TemplateNotFound, VersionNotFound."""
    with unit_of_work(tenant_id) as tx:
        standing.check(tx, tenant_id, actor)
        [template] = _held(tx, tenant_id, [slug])
        if not tx.run(_sql.restore_version, tenant_id=tenant_id, slug=slug, number=number):
            raise VersionNotFound("There is no such version; choose another one.", fields={"number": "not found"})
        if template["published_number"] != number:
            turned = {"version": {"from": template["published_number"], "to": number}}
            audit.record(tx, tenant_id, actor, "template.restored", target=slug, data=turned)


def _held(tx: Transaction, tenant_id: str, slugs: Sequence[str]) -> list[dict[str, Any]]:
    rows = tx.rows(_sql.lock_templates, tenant_id=tenant_id, slugs=list(slugs))
    _refuse_unknown(slugs, [row["slug"] for row in rows])
    return rows


def _refuse_unknown(slugs: Sequence[str], known: Sequence[str]) -> None:
    unknown = sorted(set(slugs) - set(known))
    if unknown:
        message = f"There is no template {', '.join(unknown)}; nothing was changed."
        raise TemplateNotFound(message, fields={"template": "not found"})
