"""client/connections: what the workspace is connected with; bots by their tokens, channels by their names."""

from typing import Any

from promostack.app import services
from promostack.app.endpoint import Endpoint
from promostack.app.request import Reply, Request
from promostack.app.signed_in import acting, member
from promostack.auth.models import Member
from promostack.onboarding import telegram_step
from promostack.onboarding.facts import telegram_facts
from promostack.onboarding.schemas import (
    ConnectBot,
    ConnectChannel,
    ConnectedBot,
    ConnectedChannel,
    ConnectionsAnswer,
    ManagedFound,
    ManagedOffer,
)
from promostack.telegram import goodbye

endpoint = Endpoint("client/connections")


@endpoint.get(access=member("bots.read"))
def list_connections(request: Request) -> dict[str, Any]:
    return _told(request.caller_as(Member).tenant_id)


@endpoint.post("bots", access=member("bots.write"), body=ConnectBot)
def connect_bot(request: Request, body: ConnectBot) -> Reply:
    tenant_id = request.caller_as(Member).tenant_id
    made = services.connecting().connect_bot(tenant_id, body.token.strip(), actor=acting(request))
    return Reply(ConnectedBot(id=made.id, username=made.username).model_dump(), 201)


# Whoever may not connect a bot has no use for the address of one that he could make.
@endpoint.get("managed", access=member("bots.write"))
def offer_managed_bot(request: Request) -> dict[str, Any]:
    return ManagedOffer(link=services.managed().offer(request.caller_as(Member).tenant_id)).model_dump()


@endpoint.post("managed", access=member("bots.write"))
def find_managed_bot(request: Request) -> dict[str, Any]:
    made = services.managed().look(request.caller_as(Member).tenant_id, actor=acting(request))
    return ManagedFound(bot=ConnectedBot(id=made.id, username=made.username) if made else None).model_dump()


@endpoint.post("channels", access=member("bots.write"), body=ConnectChannel)
def connect_channel(request: Request, body: ConnectChannel) -> Reply:
    tenant_id = request.caller_as(Member).tenant_id
    made = services.connecting().connect_channel(tenant_id, body.bot, body.channel, actor=acting(request))
    return Reply(ConnectedChannel(id=made.id, title=made.title).model_dump(), 201)


@endpoint.delete("bots/{bot_id}", access=member("bots.write"))
def disconnect_bot(request: Request, bot_id: str) -> dict[str, Any]:
    tenant_id = request.caller_as(Member).tenant_id
    goodbye.disconnect_bot(tenant_id, bot_id, call=services.telegram_call(), actor=acting(request))
    return _told(tenant_id)


@endpoint.delete("channels/{channel_id}", access=member("bots.write"))
def disconnect_channel(request: Request, channel_id: str) -> dict[str, Any]:
    tenant_id = request.caller_as(Member).tenant_id
    goodbye.disconnect_channel(tenant_id, channel_id, call=services.telegram_call(), actor=acting(request))
    return _told(tenant_id)


def _told(tenant_id: str) -> dict[str, Any]:
    return ConnectionsAnswer(telegram=telegram_facts(telegram_step.read(tenant_id))).model_dump(mode="json")
