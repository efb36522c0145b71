"""Fonts of a workspace: sent, checked, named, drawn with; and only its own."""

from datetime import UTC, datetime, timedelta

import pytest
import requests

from promostack.integrations import spaces
from promostack.publishing import expiry
from promostack.rendering.service import render
from promostack.templates import service as templates
from tests.integration.people import build_house
from tests.integration.templates.test_templates import document
from tests.integration.uploads.conftest import Sender
from tests.unit.rendering.font_files import shipped, with_rights


def send(sender: Sender, data: bytes, media_type: str = "font/ttf"):
    body = {"purpose": "font", "media_type": media_type, "bytes": len(data)}
    ticket = sender.caller.post("client/uploads", body).json
    assert requests.put(ticket["url"], data=data, headers=ticket["headers"], timeout=60).status_code == 200
    return sender.finish(ticket)


def set_in(family: str, key: str) -> dict:
    made = document("fonts")
    text = {"id": "code", "type": "text", "x": 0, "y": 0, "width": 500, "height": 200, "text": "{code}"}
    made["formats"]["square"] = {**made["formats"]["square"], "layers": [{**text, "font": {"family": family}}]}
    return {**made, "fonts": {family: key}}


def test_a_font_is_sent_listed_and_drawn_with(house, sender: Sender) -> None:
    first, second = send(sender, shipped()), send(sender, shipped("unbounded-800"))
    assert (first.status, first.json["family"], first.json["weights"]) == (200, "Anton 2", [400, 400])
    listed = house.member.caller.get("client/uploads/fonts").json["items"]
    assert [each["family"] for each in listed] == ["Anton 2", second.json["family"]]
    assert requests.get(first.json["url"], timeout=60).content == shipped()
    made = set_in("Anton 2", first.json["key"])
    assert house.admin.caller.post("client/editor", {"document": made}).status == 201

    class Store:
        def load(self, key: str) -> bytes:
            return requests.get(first.json["url"].replace(first.json["key"], key), timeout=60).content

    own = render(made, format="square", fields={}, code="A-CODE", assets=Store(), output="png")
    plain = {**set_in("Anton", ""), "fonts": {}}
    assert own.data == render(plain, format="square", fields={}, code="A-CODE", assets=Store(), output="png").data


@pytest.mark.parametrize(
    ("data", "reason"),
    [(with_rights(0x0002), "does not allow it to be embedded"), (b"wOF2" + bytes(60), "packed as WOFF2")],
    ids=["rights", "packed"],
)
def test_a_refused_font_says_why_and_leaves_nothing(house, sender: Sender, objects, data: bytes, reason: str) -> None:
    refused = send(sender, data)
    assert (refused.status, refused.error) == (422, "upload_refused")
    assert reason in refused.json["error"]["message"]
    assert objects() == set()
    assert house.owner.caller.get("client/uploads/fonts").json["items"] == []


def test_a_font_is_removed_unless_a_template_is_set_in_it(house, sender: Sender) -> None:
    font = send(sender, shipped()).json
    [listed] = house.member.caller.get("client/uploads/fonts").json["items"]
    route, caller = f"client/uploads/fonts/{listed['id']}", house.admin.caller
    made = set_in("Anton 2", font["key"])
    assert caller.post("client/editor", {"document": made}).status == 201
    used = caller.delete(route)
    assert (used.status, used.error) == (409, "font_in_use")
    assert "Anton 2 is used by “Summer”." in used.json["error"]["message"]
    assert caller.post("client/editor/fonts/publish", {"revision": 1}).status == 200
    assert caller.delete(route).error == "font_in_use", "the version in use is set in it, too"
    plain = {**made, "fonts": {}, "formats": document("fonts")["formats"]}
    assert caller.put("client/editor/fonts", {"document": plain, "revision": 2}).status == 200
    assert caller.delete(route).error == "font_in_use"
    assert caller.post("client/editor/fonts/publish", {"revision": 3}).status == 200
    assert house.member.caller.delete(route).error == "not_allowed"
    assert caller.delete(route).status == 204
    assert caller.delete(route).error == "font_not_found"
    assert house.member.caller.get("client/uploads/fonts").json["items"] == []
    refused = caller.put("client/editor/fonts", {"document": made, "revision": 4})
    assert set(refused.json["error"]["fields"]) == {"fonts.Anton 2"}
    line = house.owner.caller.get("client/settings/audit").json["items"][0]
    assert (line["action"], line["target"]) == ("font.removed", listed["id"])


def test_the_file_of_a_removed_font_stays_while_an_earlier_version_is_set_in_it(
    database, house, sender: Sender
) -> None:
    font = send(sender, shipped()).json
    templates.publish(house.tenant_id, set_in("Anton 2", font["key"]))
    templates.publish(house.tenant_id, document("fonts"))
    [listed] = house.member.caller.get("client/uploads/fonts").json["items"]
    assert house.owner.caller.delete(f"client/uploads/fonts/{listed['id']}").status == 204

    def sweep() -> int:
        later = datetime.now(UTC) + timedelta(days=31)
        return expiry.sweep_logos(house.tenant_id, later, 10, public=spaces.public_bucket())

    assert sweep() == 0
    assert requests.get(font["url"], timeout=60).status_code == 200
    database.query("DELETE FROM template_versions WHERE tenant_id = %s AND number = 1", house.tenant_id)
    assert sweep() == 1
    assert requests.get(font["url"], timeout=60).status_code != 200
    assert database.query("SELECT count(*) FROM uploads WHERE tenant_id = %s", house.tenant_id) == [(0,)]


def test_a_font_of_others_or_under_another_name_is_refused_with_its_path(
    house, sender: Sender, database, issuer
) -> None:
    key = send(sender, shipped()).json["key"]
    renamed = house.admin.caller.post("client/editor", {"document": set_in("Helvetica", key)})
    assert (renamed.status, set(renamed.json["error"]["fields"])) == (422, {"fonts.Helvetica"})
    stranger = build_house(database, issuer).owner.caller
    taken = stranger.post("client/editor", {"document": set_in("Anton 2", key)})
    assert (taken.status, set(taken.json["error"]["fields"])) == (422, {"fonts.Anton 2"})
    assert stranger.get("client/uploads/fonts").json["items"] == []
    wrong = sender.caller.post("client/uploads", {"purpose": "font", "media_type": "image/png", "bytes": 9})
    assert wrong.status == 422
