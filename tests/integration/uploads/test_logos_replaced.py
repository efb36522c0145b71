"""A logo that was replaced goes a month later, its file too, unless something still shows it; wherever it is killed."""

from datetime import UTC, datetime, timedelta

import pytest
import requests

from promostack.integrations import spaces
from promostack.publishing import expiry
from tests.integration.uploads.conftest import logo


def sweep(tenant_id: str, *, days: int, public=None, most: int = 10) -> int:
    now = datetime.now(UTC) + timedelta(days=days)
    return expiry.sweep_logos(tenant_id, now, most, public=public or spaces.public_bucket())


@pytest.fixture
def two_logos(house, sender) -> list[str]:
    """Addresses of the first one and of the one that took its place, which is the tenant's."""
    return [sender.finish(sender.put(logo(color))).json["url"] for color in ("teal", "coral")]


def are_there(urls: list[str]) -> list[bool]:
    return [requests.get(url, timeout=60).status_code == 200 for url in urls]


def test_a_replaced_logo_goes_after_thirty_days_and_the_current_one_stays(database, house, two_logos) -> None:
    assert [sweep(house.tenant_id, days=days) for days in (0, 29)] == [0, 0]
    assert are_there(two_logos) == [True, True]
    assert [sweep(house.tenant_id, days=days) for days in (31, 400)] == [1, 0]
    assert are_there(two_logos) == [False, True]
    assert house.owner.caller.get("client/settings").json["logo_url"] == two_logos[1]
    assert database.query("SELECT state FROM uploads WHERE tenant_id = %s", house.tenant_id) == [("done",)]


def test_a_logo_that_was_taken_away_goes_too(house, two_logos) -> None:
    assert house.owner.caller.delete("client/settings/logo").status in (200, 204)
    sweep(house.tenant_id, days=0)
    assert sweep(house.tenant_id, days=31) == 2
    assert are_there(two_logos) == [False, False]


@pytest.mark.parametrize("table", ["template_versions", "template_drafts"])
def test_one_that_a_template_shows_stays_until_it_does_not(database, house, two_logos, table: str) -> None:
    key = two_logos[0].partition("/public/")[2]
    template = "00000000-0000-4000-8000-00000000a001"
    database.query("INSERT INTO templates (tenant_id, template_id, slug, name) VALUES (%s, %s, 'x', 'X')",
                   house.tenant_id, template)  # fmt: skip
    document = f'{{"layers": [{{"asset": "{key}"}}]}}'
    if table == "template_versions":
        database.query(
            "INSERT INTO template_versions (tenant_id, version_id, template_id, number, document, document_sha256)"
            " VALUES (%s, gen_random_uuid(), %s, 1, %s, %s)",
            house.tenant_id, template, document, "0" * 64,
        )  # fmt: skip
    else:
        database.query(
            "INSERT INTO template_drafts (tenant_id, template_id, revision, document, saved_by, saved_at)"
            " VALUES (%s, %s, 1, %s, 'x', now())",
            house.tenant_id, template, document,
        )  # fmt: skip
    assert [sweep(house.tenant_id, days=days) for days in (0, 31)] == [0, 0]
    database.query(f"DELETE FROM {table} WHERE tenant_id = %s", house.tenant_id)
    assert [sweep(house.tenant_id, days=days) for days in (31, 60, 62)] == [0, 0, 1]
    assert are_there(two_logos) == [False, True]


def test_killed_between_object_and_row_the_next_sweep_goes_on(database, house, two_logos) -> None:
    class Dying:
        def delete(self, key: str) -> None:
            spaces.public_bucket().delete(key)
            raise KeyboardInterrupt

    sweep(house.tenant_id, days=0)
    with pytest.raises(KeyboardInterrupt):
        sweep(house.tenant_id, days=31, public=Dying())
    assert sweep(house.tenant_id, days=31) == 1
    assert database.query("SELECT count(*) FROM uploads WHERE tenant_id = %s", house.tenant_id) == [(1,)]


@pytest.mark.parametrize("is_picture", [True, False], ids=["published", "refused"])
@pytest.mark.parametrize("loss", ["removed", "suspended"])
def test_whoever_lost_his_right_while_the_file_was_checked_changes_nothing(
    database, house, sender, objects, monkeypatch, loss: str, is_picture: bool
) -> None:
    from promostack.rendering import intake

    ticket, real = sender.put(logo() if is_picture else b"no picture"), intake.clean
    statement = {
        "removed": "DELETE FROM memberships WHERE tenant_id = %s AND role = 'owner'",
        "suspended": "UPDATE tenants SET state = 'suspended' WHERE tenant_id = %s",
    }[loss]

    def losing(*args, **options):
        database.query(statement, house.tenant_id)
        return real(*args, **options)

    monkeypatch.setattr(intake, "clean", losing)
    answer = sender.finish(ticket)
    assert answer.json["error"]["code"] == {"removed": "tenant_not_found", "suspended": "tenant_suspended"}[loss]
    states = database.query("SELECT state, published_key FROM uploads WHERE tenant_id = %s", house.tenant_id)
    assert states == [("waiting", None)]
    assert {each.partition("/")[0] for each in objects()} == {"private"}
