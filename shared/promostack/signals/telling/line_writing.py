"""The line beside a new signal's facts: asked for once, within the day's number, judged, and only then put in.

The signal's message is in the outbox with the template's line, leased to the caller, before anybody is asked: whatever
happens meanwhile, it goes out. A draft that passes takes the template's place while the message is still in his hands.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from promostack.core.clock import Clock
from promostack.core.crypto import SecretUnreadable
from promostack.db.sql import load
from promostack.db.uow import Transaction, unit_of_work
from promostack.delivery import outbox
from promostack.delivery.models import Leased
from promostack.signals import messages, repository
from promostack.signals.line_facts import MOST_CHARACTERS, REQUIRED, Facts, facts_of, template_line
from promostack.signals.line_guard import Fault, Verdict, judge
from promostack.signals.models import Signal
from promostack.signals.telling import chosen
from promostack.signals.telling.ports import NoDraft, Order, Writer
from promostack.tenants import secrets

_sql = load(__package__)

# After a vendor that did not answer nobody else waits for it so long.
LEFT_ALONE = timedelta(minutes=1)
LONGEST_KEPT = 600


@dataclass(frozen=True)
class _Asked:
    signal: Signal
    facts: Facts
    key: str


@dataclass(frozen=True)
class Written:
    """`outcome` as the table names it; `line` is what stood in the message."""

    signal_id: str
    asked_at: datetime
    outcome: str
    draft: str
    faults: tuple[Fault, ...]
    line: str
    took_ms: int | None


class LineWriting:
    """Has lines written for the signals of one run of a function."""

    def __init__(self, writer: Writer, clock: Clock) -> None:
        self._writer, self._clock = writer, clock
        self._asks_again_at = datetime.min.replace(tzinfo=UTC)

    def write(self, tenant_id: str, rows: list[Leased], lease: str) -> list[Leased]:
        """The same rows; those that carry a new signal with a line that passed, where there is one."""
        return [self._with_line(tenant_id, row, lease) for row in rows]

    def _with_line(self, tenant_id: str, row: Leased, lease: str) -> Leased:
        if row.method != "sendMessage" or self._clock.now() < self._asks_again_at:
            return row
        with unit_of_work(tenant_id) as tx:
            asked = _begin(tx, tenant_id, row, self._clock.now())
        if asked is None:
            return row
        began, draft = time.monotonic(), ""
        try:
            draft = self._writer.draft(asked.key, _order(asked.facts, asked.signal))
            verdict, outcome = judge(draft, asked.facts), "used"
        except NoDraft as error:
            verdict, outcome = Verdict(None), error.cause
            if error.cause in ("slow", "down"):
                self._asks_again_at = self._clock.now() + LEFT_ALONE
        took_ms = int((time.monotonic() - began) * 1000)
        with unit_of_work(tenant_id) as tx:
            return _end(tx, tenant_id, row, asked, draft, verdict, outcome=outcome, took_ms=took_ms, lease=lease)


def list_lines(
    tx: Transaction, tenant_id: str, *, before: tuple[datetime, str] | None = None, most: int = 50
) -> list[Written]:
    """The newest first; `before`: the moment and the signal of the last one of the page before."""
    at, name = before or (None, None)
    rows = tx.rows(_sql.list_lines, tenant_id=tenant_id, before_at=at, before_id=name, most=most)
    return [Written(**{**row, "faults": tuple(Fault(**each) for each in row["faults"])}) for row in rows]


def has_key(tx: Transaction, tenant_id: str) -> bool:
    """Whether there is somebody to ask."""
    try:
        secrets.describe(tx, tenant_id, secrets.OPENAI_KEY, "")
    except secrets.SecretMissing:
        return False
    return True


def asked_on(tx: Transaction, tenant_id: str, now: datetime) -> int:
    """How many lines were asked for on this UTC day."""
    return int(tx.value(_sql.lines_asked, tenant_id=tenant_id, today=now.astimezone(UTC).date()) or 0)


def _begin(tx: Transaction, tenant_id: str, row: Leased, now: datetime) -> _Asked | None:
    """Counted and noted before anybody is asked; None when nobody is to be."""
    telling = chosen.find(tx, tenant_id)
    signal_id = tx.value(_sql.find_draft, tenant_id=tenant_id, outbox_id=row.id)
    key = _key(tx, tenant_id) if telling.writes_lines and signal_id else None
    signal = repository.find_signal(tx, tenant_id, signal_id) if key else None
    if key is None or signal is None:
        return None
    facts, today = facts_of(signal), now.astimezone(UTC).date()
    counted = tx.value(_sql.count_line, tenant_id=tenant_id, today=today, most_lines=telling.lines_a_day)
    note = {"signal_id": signal.id, "now": now, "line": template_line(facts)}
    is_new = tx.run(_sql.begin_line, tenant_id=tenant_id, outcome="asked" if counted else "capped", **note)
    return _Asked(signal, facts, key) if counted and is_new else None


def _end(
    tx: Transaction,
    tenant_id: str,
    row: Leased,
    asked: _Asked,
    draft: str,
    verdict: Verdict,
    *,
    outcome: str,
    took_ms: int,
    lease: str,
) -> Leased:
    line, changed = template_line(asked.facts), row
    if verdict.line is not None:
        params = _params(asked.signal, verdict.line)
        if outbox.rewrite_own(tx, tenant_id, id=row.id, params=params, lease_token=lease):
            tx.run(_sql.set_line, tenant_id=tenant_id, signal_id=asked.signal.id, line=verdict.line)
            line, changed = verdict.line, replace(row, params=params)
        else:
            outcome = "late"
    elif outcome == "used":
        outcome = "refused"
    kept = draft[:LONGEST_KEPT].replace("\x00", "").encode("utf-8", "replace").decode()
    note = {"outcome": outcome, "draft": kept, "line": line, "took_ms": took_ms}
    faults = json.dumps([asdict(fault) for fault in verdict.faults])
    tx.run(_sql.end_line, tenant_id=tenant_id, signal_id=asked.signal.id, faults=faults, **note)
    return changed


def _params(signal: Signal, line: str) -> Mapping[str, Any]:
    return messages.message_params(messages.signal_text(replace(signal, line=line, position=None)))


def _key(tx: Transaction, tenant_id: str) -> str | None:
    try:
        return secrets.load(tx, tenant_id, secrets.OPENAI_KEY, "")
    except (secrets.SecretMissing, SecretUnreadable):
        return None


def _order(facts: Facts, signal: Signal) -> Order:
    return Order(
        side=signal.plan.side,
        interval=signal.bar_interval,
        reasons=facts.reasons,
        placeholders=tuple(facts.values),
        required=REQUIRED,
        most_characters=MOST_CHARACTERS,
    )
