"""What client/signals/backtests is asked for, and what it answers. Results are exact texts."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class AskBacktest(BaseModel):
    """Parameters left out are the strategy's own. Costs are taken from every signal, in USD an ounce."""

    model_config = ConfigDict(extra="forbid")

    strategy: str = Field(max_length=40)
    params: dict[str, Any] = Field(default_factory=dict, max_length=40)
    days: int = Field(28, ge=1, le=365, description="up to now; as far back as bars are stored")
    spread: Decimal = Field(Decimal("0.20"), ge=0, le=10, max_digits=6, decimal_places=2)
    commission: Decimal = Field(Decimal(0), ge=0, le=10, max_digits=6, decimal_places=2)


class Figures(BaseModel):
    """Rates are shares of 1; `_95` are intervals; what so few signals cannot tell is null."""

    n: int
    net_r: str
    net_usd: str
    net_pips: str
    expectancy_r: str | None
    expectancy_r_95: list[str] | None
    profit_factor: str | None
    max_drawdown_r: str
    wins: int
    win_rate: str | None
    win_rate_95: list[str] | None
    tp1_hits: int
    tp1_rate: str | None
    tp1_rate_95: list[str] | None
    best_r: str | None
    worst_r: str | None
    outcomes: dict[str, int]
    ambiguous: int
    gap_fills: int


class TradeAnswer(BaseModel):
    bar_closed_at: datetime
    closed_at: datetime
    side: str
    entry: str
    stop: str
    hit: int
    outcome: str
    net_r: str
    net_pips: str


class ReportAnswer(BaseModel):
    """`live`: the tenant's own signals of this strategy in the same days; `random_entries`: the same stops and targets
    at random bars. `trades`: the newest first, at most 300."""

    model_config = ConfigDict(populate_by_name=True)

    since: datetime = Field(alias="from")
    to: datetime
    bars: int
    evaluations: dict[str, int]
    blocked: dict[str, int]
    problems: list[str]
    statistics: Figures
    live: Figures | None
    random_entries: Figures | None
    equity_r: list[tuple[datetime, str]]
    trades: list[TradeAnswer]


class BacktestAnswer(BaseModel):
    """`state`: waiting, running, done or failed; `report` when it is done and was asked for by its id."""

    id: str
    state: str
    strategy: str
    params: dict[str, Any]
    days: int
    spread: str
    commission: str
    progress: int = Field(description="percent")
    created_at: datetime
    finished_at: datetime | None
    problem: str | None
    report: ReportAnswer | None


class BacktestList(BaseModel):
    items: list[BacktestAnswer]
