"""What client/signals is asked for, and what it answers. Prices and results are exact texts."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from promostack.tenants.schemas import PageQuery


class _Input(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SignalsQuery(PageQuery):
    """Which signals."""

    state: Literal["draft", "open", "closed", "published", "unpublished"] | None = Field(
        None, description="`published`: open or closed"
    )
    strategy: str | None = Field(None, max_length=40, pattern=r"^[a-z][a-z0-9_]+$")
    outcome: Literal["tp3", "stopped", "breakeven", "locked_profit", "timeout", "invalidated"] | None = None


class RailsInput(_Input):
    """When a good plan is still kept back: outside these hours (UTC, Monday to Friday), or after such a loss."""

    session_from: int = Field(8, ge=0, le=23)
    session_to: int = Field(22, ge=1, le=24)
    daily_loss_pips: Decimal = Field(Decimal(50), ge=1, le=1000, max_digits=6, decimal_places=1)

    @model_validator(mode="after")
    def _session_has_hours(self) -> "RailsInput":
        if self.session_from >= self.session_to:
            raise ValueError("the session begins before it ends")
        return self


class ChooseSettings(_Input):
    """Where signals are posted, and the guard rails."""

    channel: UUID
    rails: RailsInput = Field(default_factory=RailsInput)


class ChooseStrategy(_Input):
    """`strategy` null switches signals off. Parameters left out are the strategy's own."""

    strategy: str | None = Field(max_length=40)
    params: dict[str, Any] = Field(default_factory=dict, max_length=40)


class PreviewStrategy(_Input):
    """What is to be tried."""

    strategy: str = Field(max_length=40)
    params: dict[str, Any] = Field(default_factory=dict, max_length=40)


class PauseSignals(_Input):
    """For how long nothing new is published."""

    minutes: int = Field(ge=15, le=10_080, description="a quarter of an hour to a week")


class LegAnswer(BaseModel):
    share: int = Field(description="percent of the position")
    price: str
    why: str


class ResultAnswer(BaseModel):
    """After costs."""

    net_r: str
    net_pips: str
    net_usd: str = Field(description="an ounce")


class SignalAnswer(BaseModel):
    """`stop` is the initial one, `stop_now` the one in force."""

    id: str
    symbol: str
    strategy: str
    state: str
    reason: str
    side: str
    entry: str
    stop: str
    stop_now: str
    targets: list[str]
    split: list[int]
    hit: int
    bar_closed_at: datetime
    published_at: datetime | None
    closes_by: datetime | None
    outcome: str | None
    closed_at: datetime | None
    legs: list[LegAnswer]
    result: ResultAnswer | None
    ambiguous: int
    gap_fills: int


class SignalPage(BaseModel):
    items: list[SignalAnswer]
    next: str | None


class EventAnswer(BaseModel):
    kind: str
    name: str
    at: datetime
    price: str


class SentAnswer(BaseModel):
    """`text` is Telegram's HTML."""

    method: str
    text: str
    state: str
    at: datetime | None


class RowAnswer(BaseModel):
    seq: int
    at: datetime
    kind: str
    hash: str


class CandlesAnswer(BaseModel):
    """Quarter-hours: (epoch second of the open, open, high, low, close), oldest first."""

    candles: list[tuple[int, float, float, float, float]]


class LifeAnswer(CandlesAnswer):
    """A signal from its bar to its end."""

    signal: SignalAnswer
    events: list[EventAnswer]
    messages: list[SentAnswer]
    rows: list[RowAnswer] = Field(description="the signal's own of the record")


class OptionAnswer(BaseModel):
    """One kind of condition, with its own fields."""

    model_config = ConfigDict(from_attributes=True)

    kind: str
    title: str
    help: str
    parameters: list["ParameterAnswer"]


class ParameterAnswer(BaseModel):
    """One field of a strategy's form. A `group` is made of `parts`; `conditions` are `least` to `count` objects, each
    of one of the `options`, named by its `kind`."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    title: str
    help: str
    kind: str
    default: Any
    least: float | None
    most: float | None
    choices: list[str]
    count: int
    optional: bool
    parts: list["ParameterAnswer"]
    options: list[OptionAnswer]


class CardAnswer(BaseModel):
    """A strategy as it describes itself."""

    model_config = ConfigDict(from_attributes=True)

    key: str
    name: str
    description: str
    interval: str
    intervals: list[str]
    warmup_bars: int
    tried_first: bool = Field(description="it is activated once exactly these parameters were back-tested")
    parameters: list[ParameterAnswer]


class ProblemAnswer(BaseModel):
    file: str
    message: str


class CardList(BaseModel):
    """`problems`: files of the folder that cannot be used."""

    items: list[CardAnswer]
    problems: list[ProblemAnswer]


class RailsAnswer(BaseModel):
    session_from: int
    session_to: int
    daily_loss_pips: str


class ChosenAnswer(BaseModel):
    strategy: str | None
    params: dict[str, Any]


class SettingsAnswer(BaseModel):
    """`queued`: what begins when the open signal has closed. `can_post`: the channel is there and the bot may post."""

    channel: str | None
    can_post: bool
    strategy: str | None
    params: dict[str, Any]
    queued: ChosenAnswer | None
    active_since: datetime | None
    paused_until: datetime | None
    rails: RailsAnswer


class ChannelChoice(BaseModel):
    id: str
    title: str
    bot: str
    broken: str | None


class FeedAnswer(BaseModel):
    """Credits are the platform's, of this UTC day."""

    credits: int
    credits_a_day: int
    paused_until: datetime | None
    problem: str | None


class MonthAnswer(BaseModel):
    """Signals that closed in this calendar month (UTC)."""

    n: int
    net_r: str
    wins: int


class TroubleAnswer(BaseModel):
    strategy: str
    bar_closed_at: datetime
    fate: str
    reason: str


class PriceAnswer(BaseModel):
    at: datetime
    close: float


class DeskAnswer(BaseModel):
    """How the tenant's signals stand."""

    settings: SettingsAnswer
    channels: list[ChannelChoice]
    feed: FeedAnswer
    living: list[SignalAnswer]
    month: MonthAnswer
    troubles: list[TroubleAnswer]
    next_scan_at: datetime
    price: PriceAnswer | None


class PreviewedAnswer(BaseModel):
    """`sent` is false when Telegram has not taken it yet; it is tried again. Without a bar there was no plan."""

    sent: bool
    text: str = Field(description="as it was sent, Telegram's HTML")
    bar_closed_at: datetime | None
