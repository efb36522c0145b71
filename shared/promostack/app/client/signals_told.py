"""Signals and how they stand, as client/signals answers."""

from promostack.signals import desk_schemas as schemas
from promostack.signals.backtests.asking import Backtest
from promostack.signals.backtests.schemas import BacktestAnswer, ReportAnswer
from promostack.signals.ledger import plain
from promostack.signals.market import CREDITS_A_DAY
from promostack.signals.models import Settings, Signal
from promostack.signals.reading import Desk, Life
from promostack.signals.results import result_of


def signal(each: Signal) -> schemas.SignalAnswer:
    """A draft stands as it will when it is published."""
    plan, position = each.plan, each.position
    legs = position.legs if position else ()
    result = result_of(plan, legs, each.costs) if position and not position.is_open else None
    return schemas.SignalAnswer(
        id=each.id,
        symbol=each.symbol,
        strategy=each.strategy,
        state=each.state,
        reason=each.reason,
        side=plan.side,
        entry=str(plan.entry),
        stop=str(plan.stop),
        stop_now=str(position.stop if position else plan.stop),
        targets=[str(price) for price in plan.targets],
        split=list(plan.split),
        hit=position.hit if position else 0,
        bar_closed_at=each.bar_closed_at,
        published_at=position.published_at if position else None,
        closes_by=position.deadline if position else None,
        outcome=position.outcome if position else None,
        closed_at=position.closed_at if position else None,
        legs=[schemas.LegAnswer(share=leg.share, price=str(leg.price), why=leg.why) for leg in legs],
        result=schemas.ResultAnswer(
            net_r=plain(result.net_r), net_pips=plain(result.net_pips), net_usd=plain(result.net_usd)
        )
        if result
        else None,
        ambiguous=position.ambiguous if position else 0,
        gap_fills=position.gap_fills if position else 0,
    )


def settings(kept: Settings) -> schemas.SettingsAnswer:
    rails = kept.rails
    return schemas.SettingsAnswer(
        channel=kept.channel_id,
        can_post=kept.chat_id is not None,
        strategy=kept.strategy,
        params=dict(kept.params),
        queued=schemas.ChosenAnswer(**kept.queued) if kept.queued is not None else None,
        active_since=kept.active_since,
        paused_until=kept.paused_until,
        rails=schemas.RailsAnswer(
            session_from=rails.session_from,
            session_to=rails.session_to,
            daily_loss_pips=plain(rails.daily_loss_pips),
        ),
    )


def desk(found: Desk) -> schemas.DeskAnswer:
    feed, month = found.feed, found.month
    return schemas.DeskAnswer(
        settings=settings(found.settings),
        channels=[
            schemas.ChannelChoice(id=each.id, title=each.title, bot=each.bot_username, broken=each.broken)
            for each in found.channels
        ],
        feed=schemas.FeedAnswer(
            credits=feed.credits,
            credits_a_day=CREDITS_A_DAY,
            paused_until=feed.paused_until,
            problem=feed.text or feed.code,
        ),
        living=[signal(each) for each in found.living],
        month=schemas.MonthAnswer(n=month.n, net_r=plain(month.net_r), wins=month.wins),
        troubles=[schemas.TroubleAnswer(**vars(each)) for each in found.troubles],
        next_scan_at=found.next_scan_at,
        price=schemas.PriceAnswer(at=found.price[0], close=found.price[1]) if found.price else None,
    )


def backtest(found: Backtest) -> BacktestAnswer:
    return BacktestAnswer(
        id=found.id,
        state=found.state,
        strategy=found.strategy,
        params=dict(found.params),
        days=found.days,
        spread=plain(found.costs.spread),
        commission=plain(found.costs.commission),
        progress=found.progress,
        created_at=found.created_at,
        finished_at=found.finished_at,
        problem=found.problem,
        report=ReportAnswer.model_validate(found.report) if found.report else None,
    )


def life(found: Life) -> schemas.LifeAnswer:
    return schemas.LifeAnswer(
        signal=signal(found.signal),
        events=[
            schemas.EventAnswer(kind=each.kind, name=each.name, at=each.at, price=plain(each.price))
            for each in found.events
        ],
        messages=[
            schemas.SentAnswer(method=each.method, text=each.text or "", state=each.state, at=each.finished_at)
            for each in found.sent
        ],
        rows=[schemas.RowAnswer(seq=each.seq, at=each.at, kind=each.kind, hash=each.hash) for each in found.rows],
        candles=found.candles,
    )
