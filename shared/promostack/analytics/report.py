"""All figures of some days in one answer, and each table of them as a file (product rule 7)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from promostack.analytics import figures
from promostack.analytics.errors import BotMissing, PeriodRefused, PersonMissing, TableMissing
from promostack.analytics.models import Compared, Days, Dimension, Period, Report, Step, Unit
from promostack.core.csv_text import Cell, csv_bytes
from promostack.db.uow import Transaction, unit_of_work

MOST_DAYS, MOST_DAYS_BY_HOUR = 366, 31
# Far enough from the ends of the calendar for every zone and every day of retention.
EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)
SHOWN = 10
# As many lines as fit into the platform's 1 MB even when every code has 64 characters.
MOST_LINES = 5_000

_Table = tuple[tuple[str, ...], Iterable[tuple[Cell, ...]]]


@dataclass(frozen=True)
class Question:
    """What to count: these days of the tenant's zone, of one bot or of all."""

    days: Days
    unit: Unit
    zone: ZoneInfo
    bot_id: str | None = None

    @property
    def period(self) -> Period:
        """The days as moments."""
        return self.days.period(self.zone, self.bot_id)


def days_of(since: date | None, until: date | None, *, last: int, unit: Unit, today: date) -> Days:
    """`since` to `until`, both included; without them the `last` days up to today. Raises PeriodRefused."""
    if (since is None) != (until is None):
        _refuse("until" if until is None else "since", "give both days, or neither")
    days = Days(today - timedelta(days=last - 1), today) if since is None or until is None else Days(since, until)
    if days.first > days.last:
        _refuse("until", "the last day comes before the first")
    if not EARLIEST <= days.first <= days.last <= LATEST:
        _refuse("since", f"use days from {EARLIEST} to {LATEST}")
    if days.count > MOST_DAYS:
        _refuse("until", f"at most {MOST_DAYS} days at once; these are {days.count}")
    if unit == "hour" and days.count > MOST_DAYS_BY_HOUR:
        _refuse("unit", f"hours are counted for at most {MOST_DAYS_BY_HOUR} days; these are {days.count}")
    return days


def build(tenant_id: str, question: Question, *, now: datetime, is_compared: bool) -> Report:
    """Every figure; raises BotMissing."""
    period = question.period
    with unit_of_work(tenant_id) as tx:
        bots = figures.bots(tx, tenant_id)
        _check_bot(question.bot_id, [bot.id for bot in bots])
        return Report(
            zone=question.zone.key,
            since=question.days.first,
            until=question.days.last,
            unit=question.unit,
            bot=question.bot_id,
            bots=bots,
            summary=figures.summarise(tx, tenant_id, period),
            series=figures.series(tx, tenant_id, period, question.unit),
            heat_map=figures.heat_map(tx, tenant_id, period),
            templates=figures.top(tx, tenant_id, period, "template", most=SHOWN),
            formats=figures.top(tx, tenant_id, period, "format", most=SHOWN),
            codes=figures.top(tx, tenant_id, period, "code", most=SHOWN),
            failures=figures.failures(tx, tenant_id, period),
            bad_codes=figures.bad_codes(tx, tenant_id, period, most=SHOWN),
            retention=figures.retention(tx, tenant_id, period, now=now),
            funnel=figures.funnel(tx, tenant_id, period),
            people=figures.people(tx, tenant_id, period, most=SHOWN),
            previous=_compare(tx, tenant_id, question) if is_compared else None,
        )


def export(tenant_id: str, table: str, question: Question, *, now: datetime) -> bytes:
    """One table as CSV, at most 5 000 lines of it; raises TableMissing and BotMissing."""
    with unit_of_work(tenant_id) as tx:
        _check_bot(question.bot_id, [bot.id for bot in figures.bots(tx, tenant_id)])
        if table not in TABLES:
            raise TableMissing(f"There is no such table; there are {', '.join(TABLES)}.")
        header, rows = TABLES[table](tx, tenant_id, question, now)
    return csv_bytes(header, rows)


def steps_of(tenant_id: str, user_id: int, *, before: int | None, most: int) -> list[Step]:
    """One person's steps, the latest first; raises PersonMissing for somebody who has none."""
    with unit_of_work(tenant_id) as tx:
        found = figures.steps(tx, tenant_id, user_id=user_id, before=before, most=most)
    if not found and before is None:
        raise PersonMissing("Your bots have not met this person.")
    return found


def _refuse(field: str, message: str) -> None:
    raise PeriodRefused(f"Check the period: {message}.", fields={field: message})


def _check_bot(bot_id: str | None, known: list[str]) -> None:
    if bot_id is not None and bot_id not in known:
        raise BotMissing("There is no such bot.")


def _compare(tx: Transaction, tenant_id: str, question: Question) -> Compared:
    days = question.days.before()
    period = days.period(question.zone, question.bot_id)
    summary = figures.summarise(tx, tenant_id, period)
    return Compared(days.first, days.last, summary, figures.series(tx, tenant_id, period, question.unit))


def _summary(tx: Transaction, tenant_id: str, question: Question, now: datetime) -> _Table:
    found = figures.summarise(tx, tenant_id, question.period)
    names = ("generations", "users", "failed", "success_rate", "valid", "invalid", "unknown", "files")
    return ("figure", "value"), [(name, getattr(found, name)) for name in names]


def _series(tx: Transaction, tenant_id: str, question: Question, now: datetime) -> _Table:
    points = figures.series(tx, tenant_id, question.period, question.unit)
    rows = [(each.at.astimezone(question.zone), each.generations, each.users, each.failed) for each in points]
    return (question.unit, "generations", "users", "failed"), rows


def _heat_map(tx: Transaction, tenant_id: str, question: Question, now: datetime) -> _Table:
    grid = figures.heat_map(tx, tenant_id, question.period)
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    rows = [(days[day], hour, times) for day, hours in enumerate(grid) for hour, times in enumerate(hours)]
    return ("weekday", "hour", "generations"), rows


def _shares(dimension: Dimension) -> Callable[[Transaction, str, Question, datetime], _Table]:
    def table(tx: Transaction, tenant_id: str, question: Question, now: datetime) -> _Table:
        found = figures.top(tx, tenant_id, question.period, dimension, most=MOST_LINES)
        return (dimension, "generations", "users"), [(each.name, each.generations, each.users) for each in found]

    return table


def _failures(tx: Transaction, tenant_id: str, question: Question, now: datetime) -> _Table:
    found = figures.failures(tx, tenant_id, question.period)
    return ("error", "times"), [(each.error, each.times) for each in found]


def _bad_codes(tx: Transaction, tenant_id: str, question: Question, now: datetime) -> _Table:
    found = figures.bad_codes(tx, tenant_id, question.period, most=MOST_LINES)
    rows = [(each.code, each.outcome, each.times, each.users, each.last_at) for each in found]
    return ("code", "outcome", "times", "users", "last_at"), rows


def _retention(tx: Transaction, tenant_id: str, question: Question, now: datetime) -> _Table:
    found = figures.retention(tx, tenant_id, question.period, now=now)
    return ("day", "people", "returned"), [(each.day, each.people, each.returned) for each in found]


def _funnel(tx: Transaction, tenant_id: str, question: Question, now: datetime) -> _Table:
    found = figures.funnel(tx, tenant_id, question.period)
    return ("step", "people"), [(each.step, each.people) for each in found]


def _people(tx: Transaction, tenant_id: str, question: Question, now: datetime) -> _Table:
    found = figures.people(tx, tenant_id, question.period, most=MOST_LINES)
    rows = [(str(each.user_id), each.generations, each.steps, each.last_at) for each in found]
    return ("user_id", "generations", "steps", "last_at"), rows


TABLES: Mapping[str, Callable[[Transaction, str, Question, datetime], _Table]] = {
    "summary": _summary,
    "series": _series,
    "heat-map": _heat_map,
    "templates": _shares("template"),
    "formats": _shares("format"),
    "codes": _shares("code"),
    "failures": _failures,
    "bad-codes": _bad_codes,
    "retention": _retention,
    "funnel": _funnel,
    "people": _people,
}
