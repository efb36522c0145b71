"""client/signals: how the tenant's signals stand, each one's life, and what his people choose."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from promostack.app import services
from promostack.app.client import signals_telling  # noqa: F401  # its routes belong to this function
from promostack.app.client import signals_told as told
from promostack.app.client.signals_endpoint import endpoint
from promostack.app.request import Request
from promostack.app.signed_in import acting, member
from promostack.auth.models import Member
from promostack.core import cursors, ids
from promostack.core.clock import SystemClock
from promostack.core.errors import PromoError
from promostack.db.uow import unit_of_work
from promostack.signals import choosing, reading, repository
from promostack.signals.backtests import asking
from promostack.signals.backtests.schemas import AskBacktest, BacktestList
from promostack.signals.catalogue import Catalogue, Load
from promostack.signals.choosing import Wanted
from promostack.signals.desk_schemas import (
    CandlesAnswer,
    CardAnswer,
    CardList,
    ChooseSettings,
    ChooseStrategy,
    PauseSignals,
    PreviewedAnswer,
    PreviewStrategy,
    ProblemAnswer,
    SignalPage,
    SignalsQuery,
)
from promostack.signals.errors import SignalsNotSetUp
from promostack.signals.rails import Rails
from promostack.signals.results import Costs
from promostack.tenants import standing

_clock = SystemClock()
_catalogue = Catalogue(lambda: ({}, []))


def plug_in(load: Load) -> None:
    """The strategies that there are: their folder lies beside the function, not in the library."""
    global _catalogue
    _catalogue = Catalogue(load)


@endpoint.get(access=member("signals.read"), query=SignalsQuery)
def list_signals(request: Request, query: SignalsQuery) -> dict[str, Any]:
    before = cursors.decode(query.cursor, cursors.moment, cursors.text) if query.cursor else None
    tenant_id = request.caller_as(Member).tenant_id
    with unit_of_work(tenant_id) as tx:
        found = repository.list_signals(
            tx,
            tenant_id,
            state=query.state,
            strategy=query.strategy,
            outcome=query.outcome,
            before=(before[0], before[1]) if before else None,
            most=query.limit + 1,
        )
    page = found[: query.limit]
    following = cursors.encode(page[-1].bar_closed_at, page[-1].id) if len(found) > len(page) else None
    return SignalPage(items=[told.signal(each) for each in page], next=following).model_dump(mode="json")


@endpoint.get("desk", access=member("signals.read"))
def read_desk(request: Request) -> dict[str, Any]:
    tenant_id = request.caller_as(Member).tenant_id
    with unit_of_work(tenant_id) as tx:
        return told.desk(reading.desk(tx, tenant_id, now=_clock.now())).model_dump(mode="json")


@endpoint.get("strategies", access=member("signals.read"))
def list_strategies(request: Request) -> dict[str, Any]:
    cards = [CardAnswer.model_validate(each) for each in _catalogue.cards()]
    problems = [ProblemAnswer(file=file, message=message) for file, message in _catalogue.problems()]
    return CardList(items=cards, problems=problems).model_dump(mode="json")


@endpoint.get("candles", access=member("signals.read"))
def list_candles(request: Request) -> dict[str, Any]:
    with unit_of_work(request.caller_as(Member).tenant_id) as tx:
        return CandlesAnswer(candles=reading.candles(tx, before=_clock.now())).model_dump()


@endpoint.put("settings", access=member("signals.write"), body=ChooseSettings)
def choose_settings(request: Request, body: ChooseSettings) -> dict[str, Any]:
    tenant_id, rails = request.caller_as(Member).tenant_id, body.rails
    chosen = Rails(rails.session_from, rails.session_to, rails.daily_loss_pips)
    with unit_of_work(tenant_id) as tx:
        kept = choosing.choose_settings(tx, tenant_id, str(body.channel), chosen, actor=acting(request))
    return told.settings(kept).model_dump(mode="json")


@endpoint.put("strategy", access=member("signals.write"), body=ChooseStrategy)
def choose_strategy(request: Request, body: ChooseStrategy) -> dict[str, Any]:
    tenant_id, wanted = request.caller_as(Member).tenant_id, None
    if body.strategy is not None:
        made = _catalogue.make(body.strategy, body.params)
        wanted = Wanted(made.key, made.p.model_dump(mode="json"), made.fingerprint, made.tried_first)
    with unit_of_work(tenant_id) as tx:
        kept = choosing.choose_strategy(
            tx, tenant_id, wanted, fingerprint_of=_fingerprint, actor=acting(request), now=_clock.now()
        )
    return told.settings(kept).model_dump(mode="json")


@endpoint.post("pause", access=member("signals.write"), body=PauseSignals)
def pause(request: Request, body: PauseSignals) -> dict[str, Any]:
    return _pause(request, timedelta(minutes=body.minutes))


@endpoint.delete("pause", access=member("signals.write"))
def resume(request: Request) -> dict[str, Any]:
    return _pause(request, None)


@endpoint.post("preview", access=member("signals.write"), body=PreviewStrategy)
def preview(request: Request, body: PreviewStrategy) -> dict[str, Any]:
    """The newest plan that the strategy would have had, sent to whoever connected the channel."""
    from promostack.signals import market, previewing, scanning

    tenant_id, lease = request.caller_as(Member).tenant_id, ids.opaque_id()
    strategy = _catalogue.make(body.strategy, body.params)
    with unit_of_work(None) as tx:
        base = market.load_candles(tx, market.SYMBOL, market.BASE, before=_clock.now())
    found = previewing.look_back(strategy, scanning.Bars(base))
    with unit_of_work(tenant_id) as tx:
        standing.check(tx, tenant_id, acting(request))
        settings = repository.find_settings(tx, tenant_id)
        if settings is None:
            raise SignalsNotSetUp("Choose a channel first: the preview comes from its bot.")
        key = f"signals:preview:{ids.opaque_id()}"
        rows = previewing.send(tx, tenant_id, settings, found, key=key, lease=lease)
    sent = services.text_sender().send_own(rows, lease).sent
    return PreviewedAnswer(sent=bool(sent), text=found.text, bar_closed_at=found.bar_closed_at).model_dump(mode="json")


@endpoint.get("backtests", access=member("signals.read"))
def list_backtests(request: Request) -> dict[str, Any]:
    found = asking.latest(request.caller_as(Member).tenant_id)
    return BacktestList(items=[told.backtest(each) for each in found]).model_dump(mode="json", by_alias=True)


@endpoint.post("backtests", access=member("signals.write"), body=AskBacktest)
def ask_backtest(request: Request, body: AskBacktest) -> dict[str, Any]:
    made = _catalogue.make(body.strategy, body.params)
    costs, params = Costs(body.spread, body.commission), made.p.model_dump(mode="json")
    wanted = asking.Wanted(made.key, params, made.fingerprint, body.days, costs)
    found = asking.ask(request.caller_as(Member).tenant_id, wanted, actor=acting(request), now=_clock.now())
    return told.backtest(found).model_dump(mode="json", by_alias=True)


@endpoint.get("backtests/{backtest_id}", access=member("signals.read"))
def read_backtest(request: Request, backtest_id: str) -> dict[str, Any]:
    found = asking.find(request.caller_as(Member).tenant_id, backtest_id)
    return told.backtest(found).model_dump(mode="json", by_alias=True)


@endpoint.get("{signal_id}", access=member("signals.read"))
def read_signal(request: Request, signal_id: str) -> dict[str, Any]:
    tenant_id = request.caller_as(Member).tenant_id
    with unit_of_work(tenant_id) as tx:
        return told.life(reading.life(tx, tenant_id, signal_id, now=_clock.now())).model_dump(mode="json")


def _pause(request: Request, span: timedelta | None) -> dict[str, Any]:
    tenant_id = request.caller_as(Member).tenant_id
    with unit_of_work(tenant_id) as tx:
        kept = choosing.pause(tx, tenant_id, span, actor=acting(request), now=_clock.now())
    return told.settings(kept).model_dump(mode="json")


def _fingerprint(key: str, params: Mapping[str, Any]) -> str:
    """Of what is chosen; what cannot be made any more is like nothing that can."""
    try:
        return str(_catalogue.make(key, params).fingerprint)
    except PromoError:
        return "gone"
