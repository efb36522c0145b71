"""client/bots: how the tenant's bots are, what each needs next, and what was said in one chat."""

from typing import Any

from promostack.app import services
from promostack.app.endpoint import Endpoint
from promostack.app.request import Request
from promostack.app.signed_in import acting, member
from promostack.auth.models import Member
from promostack.core import cursors
from promostack.telegram import bot_care, bot_health, chat_history
from promostack.telegram.bot_health import Care
from promostack.telegram.bot_schemas import (
    BotAnswer,
    BotList,
    ChangeBot,
    GiveToken,
    HealthAnswer,
    LineAnswer,
    LinePage,
    LostChannel,
    RateAnswer,
    WebhookAnswer,
)
from promostack.telegram.channels import connect_link
from promostack.telegram.chat_history import ChatNotFound
from promostack.tenants.schemas import PageQuery

endpoint = Endpoint("client/bots")

_MOST_CHAT_ID = 2**52


@endpoint.get(access=member("bots.read"))
def list_bots(request: Request) -> dict[str, Any]:
    found = bot_health.list_bots(request.caller_as(Member).tenant_id)
    return BotList(items=[_told(care) for care in found]).model_dump(mode="json")


@endpoint.get("{bot_id}", access=member("bots.read"))
def read_bot(request: Request, bot_id: str) -> dict[str, Any]:
    return _detail(request.caller_as(Member).tenant_id, bot_id)


# Whoever may see a bot may have it looked at: the outcome is Telegram's, not his.
@endpoint.post("{bot_id}/check", access=member("bots.read"))
def check(request: Request, bot_id: str) -> dict[str, Any]:
    tenant_id = request.caller_as(Member).tenant_id
    services.bot_care().check(tenant_id, bot_id, actor=acting(request))
    return _detail(tenant_id, bot_id)


@endpoint.put("{bot_id}/token", access=member("bots.write"), body=GiveToken)
def give_token(request: Request, body: GiveToken, bot_id: str) -> dict[str, Any]:
    tenant_id = request.caller_as(Member).tenant_id
    services.bot_care().renew_token(tenant_id, bot_id, body.token.strip(), actor=acting(request))
    return _detail(tenant_id, bot_id)


@endpoint.post("{bot_id}/webhook", access=member("bots.write"))
def set_webhook(request: Request, bot_id: str) -> dict[str, Any]:
    tenant_id = request.caller_as(Member).tenant_id
    services.bot_care().set_webhook(tenant_id, bot_id, actor=acting(request))
    return _detail(tenant_id, bot_id)


@endpoint.put("{bot_id}/settings", access=member("bots.write"), body=ChangeBot)
def change_settings(request: Request, body: ChangeBot, bot_id: str) -> dict[str, Any]:
    tenant_id = request.caller_as(Member).tenant_id
    bot_care.change_settings(tenant_id, bot_id, group_answer=body.group_answer, actor=acting(request))
    return _detail(tenant_id, bot_id)


@endpoint.get("{bot_id}/rate", access=member("bots.read"))
def read_rate(request: Request, bot_id: str) -> dict[str, Any]:
    rate, seconds = bot_health.read_rate(request.caller_as(Member).tenant_id, bot_id)
    return RateAnswer(
        per_s=rate.per_s,
        in_last_minute=rate.in_last_minute,
        waiting=rate.due,
        closed_s=rate.closed_s,
        seconds=seconds,
    ).model_dump(mode="json")


@endpoint.get("chats/{chat_id}", access=member("chats.read"), query=PageQuery)
def read_chat(request: Request, query: PageQuery, chat_id: str) -> dict[str, Any]:
    kinds = (cursors.moment, cursors.row_id, cursors.row_id)
    after = cursors.decode(query.cursor, *kinds) if query.cursor else None
    found = chat_history.read(
        request.caller_as(Member).tenant_id,
        _chat_number(chat_id),
        after=(after[0], after[1], after[2]) if after else None,
        limit=query.limit + 1,
    )
    page = found[: query.limit]
    following = cursors.encode(*page[-1].place) if len(found) > len(page) else None
    items = [LineAnswer.model_validate(line) for line in page]
    return LinePage(items=items, next=following).model_dump(mode="json")


def _chat_number(chat_id: str) -> int:
    """Telegram's number of a chat, 52 bits and a sign; raises ChatNotFound for anything else."""
    digits = chat_id.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 20 and int(digits) < _MOST_CHAT_ID):
        raise ChatNotFound("Nothing that was said in this chat is kept.")
    return int(chat_id)


def _detail(tenant_id: str, bot_id: str) -> dict[str, Any]:
    return _told(bot_health.read_bot(tenant_id, bot_id)).model_dump(mode="json")


def _told(care: Care) -> BotAnswer:
    lost = [
        LostChannel(title=each.title, problem=each.broken or "", link=connect_link(each.bot_username))
        for each in care.lost_channels
    ]
    alike = ("id", "username", "state", "paused_reason", "waiting", "dead", "parked", "group_answer", "created_at")
    return BotAnswer(
        **{name: getattr(care, name) for name in alike},
        health=HealthAnswer.model_validate(bot_health.health_of(care)),
        webhook=WebhookAnswer(checked_at=care.checked_at, pending=care.pending, problem=care.check_problem),
        channels=len(care.channels),
        lost_channels=lost,
    )
