"""What can go wrong between the market's feed and a message."""

from promostack.core.errors import Conflict, NotFound, Unavailable, Unprocessable


class FeedUnavailable(Unavailable):
    """No usable answer: unreachable, late, a server's error, or nothing that reads as candles."""

    code = "feed_unavailable"


class FeedBusy(Unavailable):
    """The vendor's limit of a minute."""

    code = "feed_busy"


class FeedRefused(Unavailable):
    """The vendor does not accept the key, or the plan does not cover the question. Nothing but the operator helps."""

    code = "feed_refused"
    retryable = False


class FeedExhausted(Unavailable):
    """The vendor's limit of a day."""

    code = "feed_exhausted"


class StrategyUnknown(NotFound):
    code = "strategy_unknown"


class ParametersRefused(Unprocessable):
    """Parameters out of their bounds; `fields` names each."""

    code = "parameters_refused"


class BacktestUnknown(NotFound):
    code = "backtest_not_found"


class BacktestOpen(Conflict):
    """One at a time."""

    code = "backtest_open"


class NotTried(Conflict):
    """A rule set begins once a backtest of exactly these rules was made."""

    code = "not_tried"


class NothingToTest(Unprocessable):
    """Too few bars are stored."""

    code = "nothing_to_test"


class SignalUnknown(NotFound):
    code = "signal_not_found"


class ChannelUnknown(NotFound):
    code = "channel_not_found"


class NobodyToShow(Conflict):
    """Whoever connected the signals' channel has no chat with its bot."""

    code = "nobody_to_show"


class SignalsNotSetUp(Conflict):
    """The tenant has chosen no channel or no strategy yet."""

    code = "signals_not_set_up"


class SameChannel(Conflict):
    """Who has not paid would see everything."""

    code = "same_channel"


class BadLedger(Unavailable):
    """A row would not follow the one before it: somebody else appended meanwhile."""

    code = "ledger_busy"
