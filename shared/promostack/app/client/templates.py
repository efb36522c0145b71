"""client/templates: where each template is shown, in which order, and which of its versions counts."""

from typing import Any

from promostack.app.endpoint import Endpoint
from promostack.app.request import Reply, Request
from promostack.app.signed_in import acting, member
from promostack.auth.models import Member
from promostack.core import config, cursors
from promostack.core.clock import SystemClock
from promostack.publishing import library
from promostack.publishing.library import Kept, Switches, Version
from promostack.publishing.library_schemas import (
    ChangedAnswer,
    LibraryEntry,
    LibraryPage,
    OrderTemplates,
    SwitchTemplates,
    VersionEntry,
    VersionPage,
)
from promostack.tenants.schemas import PageQuery

endpoint = Endpoint("client/templates")

_clock = SystemClock()
_MOST_NUMBER = 2**31 - 1


@endpoint.get(access=member("templates.read"), query=PageQuery)
def list_templates(request: Request, query: PageQuery) -> dict[str, Any]:
    after = cursors.decode(query.cursor, _integer, cursors.text) if query.cursor else None
    found = library.list_all(
        request.caller_as(Member).tenant_id,
        now=_clock.now(),
        most=query.limit + 1,
        after=after and (after[0], after[1]),
    )
    page = found[: query.limit]
    following = cursors.encode(page[-1].position, page[-1].slug) if len(found) > len(page) else None
    return LibraryPage(items=[_told(each) for each in page], next=following).model_dump(mode="json")


@endpoint.post("visibility", access=member("templates.write"), body=SwitchTemplates)
def switch_templates(request: Request, body: SwitchTemplates) -> dict[str, Any]:
    switches = Switches(web=body.web, bot=body.bot, archived=body.archived)
    changed = library.switch(request.caller_as(Member).tenant_id, body.slugs, switches, actor=acting(request))
    return ChangedAnswer(changed=changed).model_dump()


@endpoint.put("order", access=member("templates.write"), body=OrderTemplates)
def order_templates(request: Request, body: OrderTemplates) -> Reply:
    library.order(request.caller_as(Member).tenant_id, body.slugs, actor=acting(request))
    return Reply(status=204)


@endpoint.get("{slug}/versions", access=member("templates.read"), query=PageQuery)
def list_versions(request: Request, slug: str, query: PageQuery) -> dict[str, Any]:
    before = cursors.decode(query.cursor, _integer)[0] if query.cursor else None
    found = library.list_versions(request.caller_as(Member).tenant_id, slug, most=query.limit + 1, before=before)
    page = found[: query.limit]
    following = cursors.encode(page[-1].number) if len(found) > len(page) else None
    return VersionPage(items=[_version(each) for each in page], next=following).model_dump(mode="json")


@endpoint.post("{slug}/versions/{number}/restore", access=member("templates.write"))
def restore_version(request: Request, slug: str, number: str) -> Reply:
    library.restore(request.caller_as(Member).tenant_id, slug, _number(number), actor=acting(request))
    return Reply(status=204)


def _told(kept: Kept) -> LibraryEntry:
    return LibraryEntry(
        slug=kept.slug,
        name=kept.name,
        web=kept.web_visible,
        bot=kept.bot_visible,
        archived=kept.archived,
        version=kept.number,
        changed=kept.is_changed,
        published_at=kept.published_at,
        thumbnail_url=_asset_url(kept.thumbnail_key),
        pictures=kept.pictures,
    )


def _version(version: Version) -> VersionEntry:
    return VersionEntry(
        number=version.number,
        created_at=version.created_at,
        published=version.is_published,
        thumbnail_url=_asset_url(version.thumbnail_key),
    )


def _asset_url(key: str | None) -> str | None:
    return f"{config.require('PUBLIC_ASSET_BASE').rstrip('/')}/{key}" if key else None


def _integer(part: Any) -> int:
    """A whole number that Postgres' integers hold; raises ValueError."""
    if type(part) is not int or not -(2**31) <= part <= _MOST_NUMBER:
        raise ValueError("no whole number")
    return part


def _number(text: str) -> int:
    """The number in an address; 0, which no version has, for anything else."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else 0
    return number if number <= _MOST_NUMBER else 0
