"""client/signals/telling: what subscribers read beside the facts, chosen by leaders; each line with its verdict."""

from datetime import timedelta
from uuid import uuid4

from promostack.db.uow import unit_of_work
from promostack.tenants import secrets
from tests.integration.client.test_signals import CLOSED_AT, SETTINGS, add_signal, channel, house, lines  # noqa: F401
from tests.integration.people import House

CHOICES, LINES, PREVIEW = (f"client/signals/telling/{name}" for name in ("choices", "lines", "preview"))
ALL = {
    "writes_lines": False, "lines_a_day": 5, "briefs": False, "promote_from": 9, "promote_to": 12,
    "promote_days": [1, 5],
}  # fmt: skip


def add_line(house: House, signal: str, outcome: str, *, later: int = 0) -> None:  # noqa: F811
    with unit_of_work(house.tenant_id) as tx:
        tx.run(
            "INSERT INTO signal_lines (tenant_id, signal_id, asked_at, outcome, draft, faults, line, took_ms)"
            " VALUES (%(tenant)s, %(signal)s, %(at)s, %(outcome)s, 'Sell it', %(faults)s, 'The plan', 12)",
            faults='[{"kind": "direction", "found": "sell"}]',
            tenant=house.tenant_id,
            signal=signal,
            at=CLOSED_AT + timedelta(minutes=later),
            outcome=outcome,
        )


def test_choices_have_defaults_and_are_changed_by_leaders_in_the_log(house, channel, control):  # noqa: F811
    before = house.member.caller.get(CHOICES).json
    assert (before["writes_lines"], before["lines_a_day"], before["free_channel"]) == (True, 20, None)
    assert (before["has_key"], before["asked_today"], before["promotions"]) == (False, 0, [])
    with unit_of_work(house.tenant_id) as tx:
        secrets.put(tx, house.tenant_id, secrets.OPENAI_KEY, "", "sk-a-key-of-the-tenant")
    kept = house.admin.caller.put(CHOICES, {**ALL, "free_channel": channel}).json
    house.admin.caller.put(CHOICES, {**ALL, "free_channel": channel})

    assert {**ALL, "free_channel": channel, "has_key": True}.items() <= kept.items()
    assert house.member.caller.get(CHOICES).json == kept
    assert lines(house) == ["signals.telling"]
    assert house.member.caller.put(CHOICES, ALL).error == "not_allowed"


def test_what_makes_no_sense_is_refused(house, channel):  # noqa: F811
    put = house.owner.caller.put
    for wrong in (
        {"lines_a_day": 0},
        {"promote_from": 12, "promote_to": 12},
        {"promote_days": []},
        {"promote_days": [6]},
    ):
        assert put(CHOICES, wrong).status == 422, wrong
    gone = put(CHOICES, {"free_channel": str(uuid4())})
    assert (gone.status, gone.error) == (404, "channel_not_found")
    put(SETTINGS, {"channel": channel})
    same = put(CHOICES, {"free_channel": channel})
    assert (same.status, same.error) == (409, "same_channel")
    nothing = house.owner.caller.post(PREVIEW, None)
    assert (nothing.status, nothing.error) == (409, "signals_not_set_up")


def test_lines_are_listed_page_by_page_with_their_verdicts(house):  # noqa: F811
    names = [add_signal(house, ago=ago) for ago in range(3)]
    for ago, (name, outcome) in enumerate(zip(names, ("used", "refused", "slow"), strict=True)):
        add_line(house, name, outcome, later=-ago)

    first = house.member.caller.get(LINES, query="limit=2").json
    rest = house.member.caller.get(LINES, query=f"limit=2&cursor={first['next']}").json
    assert [each["signal"] for each in (*first["items"], *rest["items"])] == names
    assert rest["next"] is None
    assert first["items"][1] == {
        "signal": names[1], "asked_at": "2024-03-05T10:44:00Z", "outcome": "refused", "draft": "Sell it",
        "faults": [{"kind": "direction", "found": "sell"}], "line": "The plan", "took_ms": 12,
    }  # fmt: skip
