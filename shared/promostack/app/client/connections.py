"""client/connections: what the workspace is connected with; bots by their tokens, channels by their names."""

from typing import Any

from promostack.app import services
from promostack.app.endpoint import Endpoint
from promostack.app.request import Reply, Request
from promostack.app.signed_in import acting, member
from promostack.auth.models import Member
from promostack.onboarding import stripe_keys, telegram_step
from promostack.onboarding.facts import telegram_facts
from promostack.onboarding.schemas import (
    ConnectBot,
    ConnectChannel,
    ConnectedBot,
    ConnectedChannel,
    ConnectedStripe,
    ConnectionsAnswer,
    ConnectStripe,
)

endpoint = Endpoint("client/connections")


@endpoint.get(access=member("bots.read"))
def list_connections(request: Request) -> dict[str, Any]:
    telegram = telegram_facts(telegram_step.read(request.caller_as(Member).tenant_id))
    return ConnectionsAnswer(telegram=telegram).model_dump(mode="json")


@endpoint.post("bots", access=member("bots.write"), body=ConnectBot)
def connect_bot(request: Request, body: ConnectBot) -> Reply:
    tenant_id = request.caller_as(Member).tenant_id
    made = services.connecting().connect_bot(tenant_id, body.token.strip(), actor=acting(request))
    return Reply(ConnectedBot(id=made.id, username=made.username).model_dump(), 201)


@endpoint.post("channels", access=member("bots.write"), body=ConnectChannel)
def connect_channel(request: Request, body: ConnectChannel) -> Reply:
    tenant_id = request.caller_as(Member).tenant_id
    made = services.connecting().connect_channel(tenant_id, body.bot, body.channel, actor=acting(request))
    return Reply(ConnectedChannel(id=made.id, title=made.title).model_dump(), 201)


@endpoint.put("stripe", access=member("connections.write"), body=ConnectStripe)
def connect_stripe(request: Request, body: ConnectStripe) -> dict[str, Any]:
    kept = stripe_keys.connect(
        request.caller_as(Member).tenant_id,
        body.key.strip(),
        allows_test=body.test,
        probe=services.stripe_probe(),
        actor=acting(request),
    )
    return ConnectedStripe(last4=kept.last4).model_dump()
