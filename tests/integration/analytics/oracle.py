"""A second opinion on every figure: counted from the rows of the usage log in plain Python, without the library.

An event is {"at": aware datetime, "kind", "bot", "user", "data"}; `report` gives what `client/analytics` answers, and
`files` what stands in each of its files.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Event = dict[str, Any]
COUNTED = {
    "generations": "rendered", "failed": "render_failed", "valid": "code_valid", "invalid": "code_invalid",
    "unknown": "code_unknown", "files": "file_sent",
}  # fmt: skip
ASKED = {"code_valid", "code_invalid", "code_unknown", "code_malformed", "gallery_empty", "inline_offered"}
VALID = {"code_valid", "gallery_empty", "inline_offered"}
TAKEN = {"file_sent", "qr_sent", "posted"}
SHOWN = 10
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Asked:
    """What is looked at: whole days of a zone, by hour or day, of one bot or of all."""

    zone: ZoneInfo
    first: date
    last: date
    unit: str
    bot: str | None

    def day_of(self, event: Event) -> date:
        return event["at"].astimezone(self.zone).date()

    def inside(self, events: Iterable[Event]) -> list[Event]:
        return [each for each in events if self.first <= self.day_of(each) <= self.last]

    def before(self) -> "Asked":
        length = self.last - self.first + timedelta(days=1)
        return Asked(self.zone, self.first - length, self.last - length, self.unit, self.bot)


LEAVING = ("blocked", "unblocked", "channel_lost")


def report(log: Iterable[Event], asked: Asked, *, bots: list[dict[str, str]], now: datetime) -> dict[str, Any]:
    """Everything, compared with the days before."""
    events = [each for each in log if asked.bot in (None, each["bot"])]
    inside, before = asked.inside(events), asked.before()
    earlier = before.inside(events)
    return {
        "zone": asked.zone.key, "since": str(asked.first), "until": str(asked.last), "unit": asked.unit,
        "bot": asked.bot, "bots": bots,
        "summary": summary(inside), "series": series(inside, asked), "heat_map": heat_map(inside, asked.zone),
        "templates": shares(inside, "template"), "formats": shares(inside, "format"), "codes": shares(inside, "code"),
        "failures": failures(inside), "bad_codes": bad_codes(inside),
        "retention": retention(events, asked, now), "funnel": funnel(events, asked), "people": people(inside),
        "previous": {"since": str(before.first), "until": str(before.last), "summary": summary(earlier),
                     "series": series(earlier, before)},
    }  # fmt: skip


def files(log: Iterable[Event], asked: Asked, *, now: datetime) -> dict[str, list[dict[str, Any]]]:
    """The lines of each table's file: all of them, where the page shows ten."""
    events = [each for each in log if asked.bot in (None, each["bot"])]
    inside = asked.inside(events)
    totals = summary(inside)
    names = ("generations", "users", "failed", "success_rate", "valid", "invalid", "unknown", "files")
    return {
        "summary": [{"figure": name, "value": totals[name]} for name in names],
        "series": [renamed(each, at=asked.unit) for each in series(inside, asked)],
        "heat-map": [
            {"weekday": WEEKDAYS[day], "hour": hour, "generations": times}
            for day, hours in enumerate(heat_map(inside, asked.zone))
            for hour, times in enumerate(hours)
        ],
        "templates": [renamed(each, name="template") for each in shares(inside, "template", None)],
        "formats": [renamed(each, name="format") for each in shares(inside, "format", None)],
        "codes": [renamed(each, name="code") for each in shares(inside, "code", None)],
        "failures": failures(inside),
        "bad-codes": bad_codes(inside, None),
        "retention": retention(events, asked, now),
        "funnel": funnel(events, asked),
        "people": people(inside, None),
    }


def renamed(row: dict[str, Any], **names: str) -> dict[str, Any]:
    """The row with other names for some of its values, in its order."""
    return {names.get(name, name): value for name, value in row.items()}


def summary(events: list[Event]) -> dict[str, Any]:
    kinds = Counter(each["kind"] for each in events)
    made, asked = kinds["rendered"], kinds["rendered"] + kinds["render_failed"]
    counts = {name: kinds[kind] for name, kind in COUNTED.items()}
    return {**counts, "users": users(events), "success_rate": made / asked if asked else None}


def users(events: Iterable[Event]) -> int:
    return len({each["user"] for each in acts(events)})


def acts(events: Iterable[Event]) -> list[Event]:
    """What people did themselves: who leaves has not used the bot, and what members post is nobody's act there."""
    return [each for each in events if each["user"] is not None and each["kind"] not in LEAVING]


def series(events: list[Event], asked: Asked) -> list[dict[str, Any]]:
    """Walks the period minute by quarter hour, so that no change of the clocks is left out."""
    inside: dict[datetime, list[Event]] = {}
    moment = datetime(asked.first.year, asked.first.month, asked.first.day, tzinfo=asked.zone).astimezone(UTC)
    while moment.astimezone(asked.zone).date() <= asked.last:
        inside.setdefault(bucket(moment, asked), [])
        moment += timedelta(minutes=15)
    for event in events:
        inside[bucket(event["at"], asked)].append(event)
    return [
        {"at": at, "generations": of(each, "rendered"), "users": users(each), "failed": of(each, "render_failed")}
        for at, each in sorted(inside.items())
    ]


def bucket(moment: datetime, asked: Asked) -> datetime:
    local = moment.astimezone(asked.zone)
    if asked.unit == "day":
        return datetime(local.year, local.month, local.day, tzinfo=asked.zone).astimezone(UTC)
    return (moment - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)).astimezone(
        UTC
    )


def of(events: Iterable[Event], kind: str) -> int:
    return sum(each["kind"] == kind for each in events)


def heat_map(events: list[Event], zone: ZoneInfo) -> list[list[int]]:
    grid = [[0] * 24 for _ in range(7)]
    for event in events:
        local = event["at"].astimezone(zone)
        grid[local.weekday()][local.hour] += event["kind"] == "rendered"
    return grid


def shares(events: list[Event], dimension: str, most: int | None = SHOWN) -> list[dict[str, Any]]:
    made = [each for each in events if each["kind"] == "rendered" and each["data"].get(dimension) is not None]
    found = [
        {"name": name, "generations": len(each), "users": users(each)}
        for name, each in grouped(made, lambda event: event["data"][dimension]).items()
    ]
    return sorted(found, key=lambda each: (-each["generations"], each["name"]))[:most]


def failures(events: list[Event]) -> list[dict[str, Any]]:
    reasons = Counter(each["data"].get("error", "other") for each in events if each["kind"] == "render_failed")
    found = [{"error": error, "times": times} for error, times in reasons.items()]
    return sorted(found, key=lambda each: (-each["times"], each["error"]))


def bad_codes(events: list[Event], most: int | None = SHOWN) -> list[dict[str, Any]]:
    bad = [each for each in events if each["kind"] in ("code_invalid", "code_unknown") and "code" in each["data"]]
    found = [
        {"code": code, "outcome": kind.removeprefix("code_"), "times": len(each), "users": users(each),
         "last_at": max(event["at"] for event in each)}
        for (code, kind), each in grouped(bad, lambda event: (event["data"]["code"], event["kind"])).items()
    ]  # fmt: skip
    return sorted(found, key=lambda each: (-each["times"], each["code"], each["outcome"]))[:most]


def retention(events: list[Event], asked: Asked, now: datetime) -> list[dict[str, int]]:
    seen = {(each["user"], asked.day_of(each)) for each in acts(events)}
    found = []
    for after in (1, 7, 30):
        wanted = {user: first + timedelta(days=after) for user, first in new_people(events, asked).items()}
        over = {user: day for user, day in wanted.items() if day < now.astimezone(asked.zone).date()}
        found.append({"day": after, "people": len(over), "returned": sum(each in seen for each in over.items())})
    return found


def funnel(events: list[Event], asked: Asked) -> list[dict[str, Any]]:
    did = {user: set[str]() for user in new_people(events, asked)}
    for event in asked.inside(events):
        if event["user"] in did:
            did[event["user"]].add(event["kind"])
    left, found = list(did.values()), []
    for step, kinds in (
        ("met", None),
        ("asked", ASKED),
        ("valid", VALID),
        ("pictured", {"rendered"}),
        ("taken", TAKEN),
    ):
        left = [each for each in left if kinds is None or each & kinds]
        found.append({"step": step, "people": len(left)})
    return found


def new_people(events: list[Event], asked: Asked) -> dict[int, date]:
    """The day on which each of them was first seen."""
    first: dict[int, date] = {}
    for event in sorted(acts(events), key=lambda each: each["at"]):
        first.setdefault(event["user"], asked.day_of(event))
    return {user: day for user, day in first.items() if asked.first <= day <= asked.last}


def people(events: list[Event], most: int | None = SHOWN) -> list[dict[str, Any]]:
    found = [
        {"user_id": user, "generations": of(each, "rendered"), "steps": len(each),
         "last_at": max(event["at"] for event in each)}
        for user, each in grouped(acts(events), lambda event: event["user"]).items()
    ]  # fmt: skip
    return sorted(found, key=lambda each: (-each["generations"], -each["steps"], each["user_id"]))[:most]


def grouped(events: Iterable[Event], key: Callable[[Event], Any]) -> dict[Any, list[Event]]:
    found = defaultdict(list)
    for event in events:
        found[key(event)].append(event)
    return found
