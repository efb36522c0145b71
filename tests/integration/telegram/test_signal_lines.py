"""The line beside a signal's facts: written with the tenant's key, judged, counted, and never waited for in vain."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from promostack.app.forex import Forex
from promostack.db.uow import unit_of_work
from promostack.integrations import openai_writer
from promostack.integrations.openai_writer import OpenAiWriter
from promostack.signals import track_record
from promostack.signals.telling import chosen, line_writing
from promostack.signals.telling.chosen import Telling
from promostack.signals.telling.line_writing import LineWriting, Written
from promostack.tenants import secrets
from scripts.local.openai import DEMO_KEY, LIES, LINES
from tests.integration.signals.conftest import _vendor_server, client, vendor  # noqa: F401  # fixtures
from tests.integration.signals.conftest import market as market_fixture  # noqa: F401
from tests.integration.telegram.test_signals import ENTRY, Tenant, tenant  # noqa: F401

OVER = "The plan enters at "


@pytest.fixture
def desk(tenant: Tenant, control: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Tenant:  # noqa: F811
    """A tenant that gave a key, whose signals are on; the bar at ENTRY leads to one."""
    monkeypatch.setattr(openai_writer, "IN_ALL_S", 60.0)
    with unit_of_work(tenant.id) as tx:
        secrets.put(tx, tenant.id, secrets.OPENAI_KEY, "", DEMO_KEY)
    tenant.forex = Forex(tenant.feed, tenant.house.sender, tenant.clock, LineWriting(OpenAiWriter(), tenant.clock))
    tenant.choose()
    return tenant


def lines(desk: Tenant) -> list[Written]:
    with unit_of_work(desk.id) as tx:
        return line_writing.list_lines(tx, desk.id)


def asked(control: Callable[..., Any]) -> int:
    calls = control("openai", "GET", "calls").json()
    assert {call["path"] for call in calls} <= {"/v1/chat/completions"}
    return len(calls)


def test_a_line_that_passes_stands_in_the_message_its_edits_and_the_record(desk, control):
    desk.live(ENTRY + timedelta(minutes=80))

    entry, first, _ = desk.texts()
    (signal_id, line), = desk.signals("id, line")  # fmt: skip
    assert line.startswith("Momentum turned up from a stretched reading; entry 21")
    assert line in entry
    assert "Closed: " in entry
    assert "TP1" in first
    (written,) = lines(desk)
    assert (written.signal_id, written.outcome, written.draft, written.faults) == (signal_id, "used", LINES["buy"], ())
    assert asked(control) == 1
    with unit_of_work(desk.id) as tx:
        (told,) = track_record.told(track_record.read(tx, desk.id))["signals"]
    assert line in told["messages"][0]["text"]


@pytest.mark.parametrize(
    ("mode", "outcome", "kinds"),
    [
        ({"mode": "lying"}, "refused", {"direction", "number", "promise"}),
        ({"mode": "injecting"}, "refused", {"character", "instruction", "link"}),
        ({"mode": "says", "text": "\x00\ud800 {entry} {stop}"}, "refused", {"character"}),
        ({"mode": "down"}, "down", set()),
        ({"mode": "slow", "delay_s": 3}, "slow", set()),
        ({"mode": "401"}, "key", set()),
        ({"mode": "429"}, "busy", set()),
        ({"mode": "503"}, "down", set()),
        ({"mode": "html"}, "unreadable", set()),
        ({"mode": "says", "text": " \n"}, "unreadable", set()),
    ],
    ids=lambda value: value["mode"] if isinstance(value, dict) else "",
)
def test_whatever_the_writer_does_the_signal_goes_out_with_the_templates_line(
    desk, control, monkeypatch, mode, outcome, kinds
):
    if mode["mode"] == "slow":
        monkeypatch.setattr(openai_writer, "IN_ALL_S", 0.3)
    control("openai", "PUT", "mode", mode)
    desk.scan_at(ENTRY)

    (text,) = desk.texts()
    (written,) = lines(desk)
    assert OVER in text
    assert written.line in text
    assert LIES["buy"][:10] not in text
    assert written.outcome == outcome
    assert kinds <= {fault.kind for fault in written.faults}
    assert desk.signals("state, line") == [("open", None)]


def test_a_vendor_that_was_slow_is_left_alone_and_nobody_else_waits(desk, control, monkeypatch):
    monkeypatch.setattr(openai_writer, "IN_ALL_S", 0.3)
    control("openai", "PUT", "mode", {"mode": "slow", "delay_s": 3})
    later = ENTRY + timedelta(minutes=15)
    desk.choose(params={"buys": [ENTRY.isoformat(), later.isoformat()]})
    desk.scan_at(ENTRY)
    desk.house.database.query("UPDATE signals SET state = 'unpublished' WHERE tenant_id = %s", desk.id)
    desk.forex._lines._asks_again_at = later + timedelta(seconds=30)
    desk.scan_at(later)

    assert len(desk.texts()) == 2
    assert [each.outcome for each in lines(desk)] == ["slow"]


def test_the_days_number_is_counted_before_anybody_is_asked(desk, control):
    with unit_of_work(desk.id) as tx:
        chosen.save(tx, desk.id, Telling(lines_a_day=1))
    control("openai", "PUT", "mode", {"mode": "down"})
    later = ENTRY + timedelta(minutes=15)
    desk.choose(params={"buys": [ENTRY.isoformat(), later.isoformat()]})
    desk.scan_at(ENTRY)
    desk.house.database.query("UPDATE signals SET state = 'unpublished' WHERE tenant_id = %s", desk.id)
    desk.scan_at(later)

    assert [each.outcome for each in lines(desk)] == ["capped", "down"]
    assert asked(control) == 1
    with unit_of_work(desk.id) as tx:
        assert line_writing.asked_on(tx, desk.id, later) == 1
        assert line_writing.asked_on(tx, desk.id, later + timedelta(days=1)) == 0
    assert all(OVER in text for text in desk.texts())


@pytest.mark.parametrize("why", ["off", "no key"])
def test_nobody_is_asked_without_a_key_or_when_lines_are_off(desk, control, why):
    with unit_of_work(desk.id) as tx:
        if why == "off":
            chosen.save(tx, desk.id, Telling(writes_lines=False))
        else:
            secrets.forget(tx, desk.id, secrets.OPENAI_KEY, "")
    desk.scan_at(ENTRY)

    assert (asked(control), lines(desk)) == (0, [])
    assert OVER in desk.texts()[0]


def test_a_message_that_somebody_else_took_over_meanwhile_keeps_what_it_says(desk, control):
    class Slow:
        def draft(self, key: str, order: Any) -> str:
            desk.house.database.query(
                "UPDATE outbox SET lease_token = 'another' WHERE tenant_id = %s AND kind = 'signal'", desk.id
            )
            return LINES["buy"]

    desk.forex = Forex(desk.feed, desk.house.sender, desk.clock, LineWriting(Slow(), desk.clock))
    desk.scan_at(ENTRY)

    (written,) = lines(desk)
    assert written.outcome == "late"
    assert OVER in written.line
    assert desk.signals("line") == [(None,)]
