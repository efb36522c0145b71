"""A period to look at, and the figures of it. All of them are counted from the usage events alone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Unit = Literal["hour", "day"]
Dimension = Literal["template", "format", "code"]
DIMENSIONS: tuple[Dimension, ...] = ("template", "format", "code")
RETENTION_DAYS = (1, 7, 30)
# First contact; a code sent; a code that works; a picture; the picture taken further: as a file, a QR code, a post.
FunnelName = Literal["met", "asked", "valid", "pictured", "taken"]
FUNNEL: tuple[FunnelName, ...] = ("met", "asked", "valid", "pictured", "taken")


@dataclass(frozen=True)
class Days:
    """Whole days, the first and the last of them included, on the calendar of whoever looks."""

    first: date
    last: date

    @property
    def count(self) -> int:
        """How many days these are."""
        return (self.last - self.first).days + 1

    def before(self) -> "Days":
        """As many days as these, up to the day before them."""
        length = timedelta(days=self.count)
        return Days(self.first - length, self.last - length)

    def period(self, zone: ZoneInfo, bot_id: str | None = None) -> "Period":
        """The days as a tenant's zone has them; one has 23 or 25 hours when the clocks change."""
        return Period(_midnight(self.first, zone), _midnight(self.last + timedelta(days=1), zone), zone, bot_id)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


@dataclass(frozen=True)
class Period:
    """From `since` up to and without `until`, aware UTC; days begin in `zone`. `bot_id` None: all bots."""

    since: datetime
    until: datetime
    zone: ZoneInfo
    bot_id: str | None = None

    def buckets(self, unit: Unit) -> list[datetime]:
        """The starts of all hours or days that the period touches, UTC, oldest first.

        A day has 23 or 25 hours when the clocks change; an hour that comes twice is two buckets.
        """
        local = self.since.astimezone(self.zone)
        if unit == "hour":
            # Zones are off by quarters of an hour at most, so an hour begins where its local minute is 0.
            start = self.since - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
            hours = int(-((self.until - start) // -timedelta(hours=1)))
            return [start + timedelta(hours=number) for number in range(hours)]
        days, day = [], local.date()
        while (begins := datetime(day.year, day.month, day.day, tzinfo=self.zone)) < self.until:
            days.append(begins.astimezone(self.since.tzinfo))
            day += timedelta(days=1)
        return days


@dataclass(frozen=True)
class Summary:
    """`users` are distinct people with any event. Rates are None without anything to rate."""

    generations: int
    users: int
    failed: int
    valid: int
    invalid: int
    unknown: int
    files: int

    @property
    def success_rate(self) -> float | None:
        """Pictures made, of pictures asked for."""
        asked = self.generations + self.failed
        return self.generations / asked if asked else None


@dataclass(frozen=True)
class Point:
    """One hour or day of a series; `at` is its start, UTC."""

    at: datetime
    generations: int
    users: int
    failed: int


@dataclass(frozen=True)
class Share:
    """How often a template, format or code was asked for, and by how many people."""

    name: str
    generations: int
    users: int


@dataclass(frozen=True)
class Retention:
    """Of the people first seen in the period for whom day `day` is over, those who came back on that day."""

    day: int
    people: int
    returned: int


@dataclass(frozen=True)
class FunnelStep:
    """How many of the people first seen in the period took this step and all before it, within the period."""

    step: FunnelName
    people: int


@dataclass(frozen=True)
class BadCode:
    """A code that was refused, or that nobody could check. `outcome` is `invalid` or `unknown`."""

    code: str
    outcome: Literal["invalid", "unknown"]
    times: int
    users: int
    last_at: datetime


@dataclass(frozen=True)
class Failure:
    """Why pictures were not made."""

    error: str
    times: int


@dataclass(frozen=True)
class Person:
    """Somebody who used a bot; `steps` are all his events, `generations` the pictures among them."""

    user_id: int
    generations: int
    steps: int
    last_at: datetime


@dataclass(frozen=True)
class NamedBot:
    """A bot to choose figures of."""

    id: str
    username: str


@dataclass(frozen=True)
class Step:
    """One event of one person."""

    id: int
    at: datetime
    kind: str
    template: str | None
    format: str | None
    code: str | None
    error: str | None
    ms: int | None


@dataclass(frozen=True)
class Compared:
    """What the days before had."""

    since: date
    until: date
    summary: Summary
    series: list[Point]


@dataclass(frozen=True)
class Report:
    """Every figure of some days. `zone` is where they begin, `previous` None when nothing was compared."""

    zone: str
    since: date
    until: date
    unit: Unit
    bot: str | None
    bots: list[NamedBot]
    summary: Summary
    series: list[Point]
    heat_map: list[list[int]]
    templates: list[Share]
    formats: list[Share]
    codes: list[Share]
    failures: list[Failure]
    bad_codes: list[BadCode]
    retention: list[Retention]
    funnel: list[FunnelStep]
    people: list[Person]
    previous: Compared | None
