"""The scheduler: which minutes an expression names, and that a trigger's function is started with its body."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from scripts.local import platform_cron, project
from tests.integration.local_platform.conftest import PROBE

# A Sunday.
SUNDAY = datetime(2026, 11, 22, 15, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cron", "due"),
    [
        ("* * * * *", True),
        ("40 15 * * *", True),
        ("41 15 * * *", False),
        ("*/20 * * * *", True),
        ("*/15 * * * *", False),
        ("10-50/10 12-18 * * *", True),
        ("10/15 * * * *", True),
        ("0,40 * 22 11 *", True),
        ("* * * * 0", True),
        ("* * * * 7", True),
        ("* * * * 1-5", False),
        ("* * 1 * 0", True),
        ("* * 1 * *", False),
    ],
)
def test_an_expression_names_minutes(cron: str, due: bool) -> None:
    assert platform_cron.is_due(cron, SUNDAY) is due


@pytest.mark.parametrize("cron", ["* * * *", "60 * * * *", "* * 0 * *", "x * * * *", "5-1 * * * *", "*/0 * * * *"])
def test_what_is_no_expression_is_refused(cron: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        platform_cron.is_due(cron, SUNDAY)


def test_the_products_own_trigger_is_due_each_minute() -> None:
    ((function, trigger),) = platform_cron.triggers(project.read()).values()
    assert (function.path, platform_cron.is_due(trigger.cron, SUNDAY)) == ("work/tick", True)


def test_a_fourth_trigger_is_refused() -> None:
    (hidden,) = (function for function in project.read(PROBE / "project.yml") if function.name == "hidden")
    with pytest.raises(project.ProjectInvalid, match="takes 3"):
        platform_cron.triggers([hidden] * 4)
    with pytest.raises(project.ProjectInvalid, match="same name"):
        platform_cron.triggers([hidden] * 2)


def test_what_is_due_is_fired_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    fired: list[tuple[datetime, str, Any]] = []
    now = datetime(2026, 11, 22, 3, 3, 20, tzinfo=UTC)

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return now

    async def sleep(seconds: float) -> None:
        nonlocal now
        assert 0 < seconds <= 60
        now = datetime.fromtimestamp(now.timestamp() + seconds, UTC)
        if now.minute == 10:
            raise asyncio.CancelledError

    monkeypatch.setattr(platform_cron, "datetime", Clock)
    monkeypatch.setattr(platform_cron.asyncio, "sleep", sleep)
    functions = project.read(PROBE / "project.yml")
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(platform_cron.run(functions, lambda function, body: fired.append((now, function.path, body))))
    assert fired == [(datetime(2026, 11, 22, 3, 5, tzinfo=UTC), "probe/hidden", {"from": "cron"})]
