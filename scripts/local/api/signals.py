"""client/signals: how signals stand, and what is chosen for them."""

from __future__ import annotations

from promostack.signals.desk_schemas import (
    CandlesAnswer,
    CardList,
    ChooseSettings,
    ChooseStrategy,
    DeskAnswer,
    LifeAnswer,
    PauseSignals,
    PreviewedAnswer,
    PreviewStrategy,
    SettingsAnswer,
    SignalPage,
    SignalsQuery,
)
from scripts.local.api.operation import Operation

_STRATEGY = {
    404: "`strategy_unknown`, `tenant_not_found`, or nothing at this address",
    422: "`parameters_refused`: `fields` names each with its bounds; or a field is wrong",
}

SIGNALS = (
    Operation(
        "get",
        "/client/signals",
        "The tenant's signals, the newest first",
        SignalPage,
        about="Plans that were kept back or never sent are among them, with the reason.",
        tag="client",
        caller="member",
        query=SignalsQuery,
    ),
    Operation(
        "get",
        "/client/signals/desk",
        "How the tenant's signals stand",
        DeskAnswer,
        about="What is chosen, what is open, this month's result, and how the market's feed is.",
        tag="client",
        caller="member",
    ),
    Operation(
        "get",
        "/client/signals/strategies",
        "The strategies as they describe themselves",
        CardList,
        tag="client",
        caller="member",
    ),
    Operation(
        "get",
        "/client/signals/candles",
        "The newest quarter-hours of gold",
        CandlesAnswer,
        tag="client",
        caller="member",
    ),
    Operation(
        "put",
        "/client/signals/settings",
        "Choose where signals are posted, and the guard rails",
        SettingsAnswer,
        tag="client",
        caller="member",
        body=ChooseSettings,
        errors={404: "`channel_not_found`, `tenant_not_found`, or nothing at this address"},
    ),
    Operation(
        "put",
        "/client/signals/strategy",
        "Choose a strategy, or none",
        SettingsAnswer,
        about="At once; while a signal is open the choice waits under `queued` until it has closed.",
        tag="client",
        caller="member",
        body=ChooseStrategy,
        errors=_STRATEGY | {409: "`signals_not_set_up`: choose a channel first"},
    ),
    Operation(
        "post",
        "/client/signals/pause",
        "Publish nothing new for a while",
        SettingsAnswer,
        about="What is open is followed to its end.",
        tag="client",
        caller="member",
        body=PauseSignals,
    ),
    Operation(
        "delete",
        "/client/signals/pause",
        "Go on after a pause",
        SettingsAnswer,
        tag="client",
        caller="member",
    ),
    Operation(
        "post",
        "/client/signals/preview",
        "Show what a strategy would have posted",
        PreviewedAnswer,
        about="Sent to whoever connected the channel, in his own chat with its bot.",
        tag="client",
        caller="member",
        body=PreviewStrategy,
        errors=_STRATEGY
        | {409: "`signals_not_set_up`; `nobody_to_show`: connect the channel from a chat with the bot"},
    ),
    Operation(
        "get",
        "/client/signals/{signal_id}",
        "One signal from its bar to its end",
        LifeAnswer,
        tag="client",
        caller="member",
        path_values={"signal_id": "the signal's id, as the list says it"},
        errors={404: "`signal_not_found`, `tenant_not_found`, or nothing at this address"},
    ),
)
