"""The way to the first posted picture, and what a workspace is connected with; on the dashboard's host only."""

from __future__ import annotations

from promostack.onboarding.schemas import (
    ConnectBot,
    ConnectChannel,
    ConnectedBot,
    ConnectedChannel,
    ConnectionsAnswer,
    ProgressAnswer,
)
from scripts.local.api.operation import Operation

_AWAY = {503: "`telegram_unavailable`: what was entered is not lost, try again; or a service is away"}

OPERATIONS = (
    Operation(
        "get",
        "/client/onboarding",
        "How far the workspace is, and the one next thing to do",
        ProgressAnswer,
        about="Worked out anew from what there is; nothing is ticked off.",
        tag="client",
        caller="member",
    ),
    Operation(
        "get",
        "/client/connections",
        "What the workspace is connected with",
        ConnectionsAnswer,
        tag="client",
        caller="member",
    ),
    Operation(
        "post",
        "/client/connections/bots",
        "Connect a bot by its token",
        ConnectedBot,
        about="Telegram is asked who the bot is, then told where to hand its messages in. The same token again mends "
        "what is missing.",
        tag="client",
        caller="member",
        body=ConnectBot,
        success={201: "connected"},
        errors={
            409: "`bot_taken`: connected elsewhere; `webhook_refused`: Telegram does not take the address",
            422: "`token_refused`: Telegram does not know it",
        }
        | _AWAY,
    ),
    Operation(
        "post",
        "/client/connections/channels",
        "Connect a channel by its name or number",
        ConnectedChannel,
        about="The bot has to be an administrator of it who may post.",
        tag="client",
        caller="member",
        body=ConnectChannel,
        success={201: "connected"},
        errors={
            404: "`channel_unknown`: the bot sees no such channel; `bot_not_found`, `tenant_not_found`",
            409: "`channel_not_admin`; `channel_right_missing`: `message` names the right",
            422: "`channel_refused`: what was named is no channel; `token_refused`",
        }
        | _AWAY,
    ),
)
