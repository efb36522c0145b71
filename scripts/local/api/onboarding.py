"""The way to the first posted picture, and what a workspace is connected with; on the dashboard's host only."""

from __future__ import annotations

from promostack.onboarding.schemas import (
    ColoursInput,
    ConnectBot,
    ConnectChannel,
    ConnectedBot,
    ConnectedChannel,
    ConnectionsAnswer,
    ManagedFound,
    ManagedOffer,
    PaletteList,
    ProgressAnswer,
)
from promostack.onboarding.vendor_schemas import (
    ConnectByKey,
    ConnectFunderPro,
    ConnectStripe,
    VendorAnswer,
    VendorList,
)
from scripts.local.api.operation import Operation

_AWAY = {503: "`telegram_unavailable`: what was entered is not lost, try again; or a service is away"}
_REFUSED = {
    422: "`vendor_key_refused`: `message` says why; nothing is kept",
    503: "`vendor_unavailable`: try again; or a service is away",
}

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
        "/client/onboarding/palettes",
        "Pairs of colours that can be read on each other, those of the logo first",
        PaletteList,
        tag="client",
        caller="member",
    ),
    Operation(
        "post",
        "/client/onboarding/template",
        "Make the first template in two colours",
        ProgressAnswer,
        about="Again with others: a new version; pictures that were made stay what they are.",
        tag="client",
        caller="member",
        body=ColoursInput,
        success={201: "published"},
        errors={
            409: "`step_out_of_order`: `message` says what comes first",
            422: "`colours_refused`: text in them could not be read",
        },
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
        "get",
        "/client/connections/managed",
        "Where a bot is made with two taps",
        ManagedOffer,
        about="Telegram opens with a username filled in that no other workspace is offered; by it the bot is found.",
        tag="client",
        caller="member",
        errors={404: "`managed_bots_off`: paste a token"} | _AWAY,
    ),
    Operation(
        "post",
        "/client/connections/managed",
        "Connect the bot that was made there",
        ManagedFound,
        about="With webhook, menu and description. Null until it was made; ask again.",
        tag="client",
        caller="member",
        errors={404: "`managed_bots_off`", 409: "`bot_taken`; `webhook_refused`"} | _AWAY,
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
    Operation(
        "delete",
        "/client/connections/bots/{bot_id}",
        "Disconnect a bot",
        ConnectionsAnswer,
        about="Its webhook, its token and what waits for it end, and its channels with it; its chats and figures stay. "
        "It can be connected elsewhere then, or here again.",
        tag="client",
        caller="member",
        errors={404: "`bot_not_found`"} | _AWAY,
    ),
    Operation(
        "delete",
        "/client/connections/channels/{channel_id}",
        "Disconnect a channel",
        ConnectionsAnswer,
        about="The bot leaves it, and what waits for it is cancelled; posts stay as they are.",
        tag="client",
        caller="member",
        errors={404: "`channel_not_found`"} | _AWAY,
    ),
    Operation(
        "get",
        "/client/vendors",
        "Stripe, FunderPro, Twelve Data and OpenAI: how each is, and the next thing to do",
        VendorList,
        about="As the latest look found them; nobody is asked.",
        tag="client",
        caller="member",
    ),
    Operation(
        "put",
        "/client/vendors/stripe",
        "Connect Stripe by a restricted key, or replace the key",
        VendorAnswer,
        about="Each thing that the key has to be allowed to read is tried before it is kept.",
        tag="client",
        caller="member",
        body=ConnectStripe,
        errors={
            409: "`stripe_test_mode`: the key is of test mode; send `test` to take it",
            422: "`stripe_key_refused`: no restricted key, unknown to Stripe, or `message` names what it may not read",
            503: "`stripe_unavailable`: try again; or a service is away",
        },
    ),
    Operation(
        "put",
        "/client/vendors/funderpro",
        "Have codes checked at FunderPro",
        VendorAnswer,
        about="Without a key; it has to refuse a code that nobody gave out.",
        tag="client",
        caller="member",
        body=ConnectFunderPro,
        errors=_REFUSED,
    ),
    *(
        Operation(
            "put",
            f"/client/vendors/{kind}",
            f"Connect {name} by a key, or replace the key",
            VendorAnswer,
            about=about,
            tag="client",
            caller="member",
            body=ConnectByKey,
            errors=_REFUSED,
        )
        for kind, name, about in (
            ("twelve_data", "Twelve Data", "Tried with the price of gold first, which costs one credit."),
            ("openai", "OpenAI", "Tried with the list of models first, which costs nothing."),
        )
    ),
    Operation(
        "post",
        "/client/vendors/{kind}/check",
        "Look at a service with what is kept",
        VendorAnswer,
        about="Changes nothing but what is known of it; at most one question in five seconds.",
        tag="client",
        caller="member",
        errors={404: "`vendor_not_connected`"},
    ),
    Operation(
        "delete",
        "/client/vendors/{kind}",
        "Disconnect a service",
        VendorAnswer,
        about="Its key is forgotten; codes are no longer checked there.",
        tag="client",
        caller="member",
        errors={404: "`vendor_not_connected`"},
    ),
)
