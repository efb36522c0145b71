"""client/editor: drafts that nobody loses, what is refused and where, and publishing in one step."""

import json

import pytest

from promostack.app import services
from promostack.publishing import library
from promostack.publishing.gallery import Gallery
from promostack.templates import service as templates
from tests.integration.people import House, build_house
from tests.integration.public.calls import Answer
from tests.integration.templates.test_templates import document

ROUTE = "client/editor/summer"


class Bucket:
    """Holds what is put; what was never put is missing."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}

    def put(self, key: str, data: bytes, *, media_type: str, immutable: bool = True) -> None:
        self.objects[key] = data

    def get(self, key: str) -> bytes:
        from promostack.publishing.errors import ObjectMissing

        if key not in self.objects:
            raise ObjectMissing(key)
        return self.objects[key]


@pytest.fixture
def house(database, issuer, monkeypatch) -> House:
    made = build_house(database, issuer)
    bucket = Bucket()
    monkeypatch.setattr(services, "gallery", lambda: Gallery(store=bucket, assets=bucket))
    templates.publish(made.tenant_id, document("summer"))
    return made


def text(name: str = "code", **changes) -> dict:
    box = {"x": 0, "y": 0, "width": 500, "height": 200}
    return {"id": name, "type": "text", "text": "{code}", **box, **changes}


def drawn(*layers: dict, **changes) -> dict:
    """The summer template with these layers in its square."""
    made = document("summer")
    made["formats"]["square"] = {**made["formats"]["square"], "layers": list(layers)}
    return {**made, **changes}


def save(house: House, wanted: dict, revision: int = 0) -> Answer:
    return house.admin.caller.put(ROUTE, {"document": wanted, "revision": revision})


def number(house: House) -> int:
    return templates.get_published(house.tenant_id, "summer", "web").number


def test_a_draft_is_kept_beside_the_published_version_until_it_is_published(house: House) -> None:
    before = house.member.caller.get(ROUTE).json
    assert (before["revision"], before["number"], before["is_changed"]) == (0, 1, False)
    assert before["document"] == document("summer")
    saved = save(house, drawn(text(rotation=0, opacity=0)))
    assert saved.json["revision"] == 1
    held = house.owner.caller.get(ROUTE).json
    assert (held["is_changed"], held["saved_by"]) == (True, house.admin.email)
    assert held["document"] == drawn(text(rotation=0, opacity=0)), "zeros stay"
    assert number(house) == 1
    published = house.owner.caller.post(f"{ROUTE}/publish", {"revision": 1})
    assert published.json == {"number": 2, "revision": 2}
    shown = templates.get_published(house.tenant_id, "summer", "bot")
    assert (shown.number, shown.document) == (2, held["document"])
    assert house.owner.caller.get(ROUTE).json["is_changed"] is False
    line = house.owner.caller.get("client/settings/audit").json["items"][0]
    assert (line["actor"], line["action"], line["target"]) == (house.owner.email, "template.published", "summer")


def test_the_second_of_two_editors_is_refused_and_can_choose(house: House) -> None:
    assert save(house, drawn(text("first"))).json["revision"] == 1
    late = house.owner.caller.put(ROUTE, {"document": drawn(text("second")), "revision": 0})
    assert (late.status, late.error) == (409, "draft_changed")
    assert house.admin.email in late.json["error"]["message"]
    theirs = house.owner.caller.get(ROUTE).json
    assert theirs["document"]["formats"]["square"]["layers"][0]["id"] == "first"
    mine = house.owner.caller.put(ROUTE, {"document": drawn(text("second")), "revision": theirs["revision"]})
    assert mine.json["revision"] == 2


def test_what_was_published_or_dropped_in_the_meantime_is_not_overwritten(house: House) -> None:
    """Revisions never come back, so that one from before cannot fit a later draft by chance."""
    save(house, drawn(text()))
    assert house.owner.caller.post(f"{ROUTE}/publish", {"revision": 1}).status == 200
    assert save(house, drawn(), revision=1).error == "draft_changed"
    assert save(house, drawn(), revision=2).json["revision"] == 3
    dropped = house.admin.caller.post(f"{ROUTE}/drop", {"revision": 3}).json
    assert (dropped["is_changed"], dropped["revision"]) == (False, 4)
    assert dropped["document"] == drawn(text())
    for call in (
        save(house, drawn(), revision=3),
        house.owner.caller.post(f"{ROUTE}/publish", {"revision": 3}),
        house.owner.caller.post(f"{ROUTE}/drop", {"revision": 3}),
    ):
        assert (call.status, call.error) == (409, "draft_changed")
    assert number(house) == 2


@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        (drawn(text(colour="#FFFFFF")), "formats.square.layers[0].colour"),
        (drawn(text(fill="blue")), "formats.square.layers[0].fill"),
        (drawn(text(x=1e999)), "formats.square.layers[0].x"),
        (drawn(text(width="500")), "formats.square.layers[0].width"),
        (drawn(text(text="{nobody}")), "formats.square.layers[0].text"),
        (drawn(text(), text()), "formats.square.layers[1].id"),
        (drawn(text(min_size=90, max_size=20)), "formats.square.layers[0]"),
        (drawn(*[{"id": f"l{at}", "type": "rect", "x": 0, "y": 0, "width": 1, "height": 1} for at in range(10_000)]),
         "formats.square.layers"),
        (drawn(extra=1), "extra"),
        (drawn(slug="winter"), "slug"),
        (drawn(origin={"much": 1e999}), "origin"),
        (drawn({"id": "a", "type": "image", "x": 0, "y": 0, "width": 9, "height": 9, "asset": "uploads/x/y/z.jpg"}),
         "formats.square.layers[0].asset"),
        (drawn({"id": "a", "type": "image", "x": 0, "y": 0, "width": 9, "height": 9, "asset": "seed/../uploads/z"}),
         "formats.square.layers[0].asset"),
        (drawn(text(mask={"kind": "asset", "asset": "renders/x"})), "formats.square.layers[0].mask.asset"),
    ],
    ids=range(14),
)  # fmt: skip
def test_a_bad_document_is_refused_with_the_path_and_nothing_changes(house: House, wanted: dict, path: str) -> None:
    answer = house.admin.caller.call("PUT", ROUTE, _body(wanted))
    assert (answer.status, answer.error) == (422, "invalid_document")
    assert path in answer.json["error"]["fields"]
    assert house.admin.caller.get(ROUTE).json["revision"] == 0


def _body(wanted: dict) -> bytes:
    """As a careless client writes it: 1e999 is a number in JSON, and endless in Python."""
    return json.dumps({"revision": 0, "document": wanted}).replace("Infinity", "1e999").encode()


def test_a_picture_that_cannot_be_read_leaves_the_old_version(house: House, database) -> None:
    base = {"id": "a", "type": "image", "x": 0, "y": 0, "width": 9, "height": 9}
    save(house, drawn({**base, "asset": "seed/gone.12345678.jpg"}))
    refused = house.admin.caller.post(f"{ROUTE}/publish", {"revision": 1})
    assert (refused.status, refused.error) == (503, "template_unavailable")
    assert number(house) == 1
    assert house.admin.caller.get(ROUTE).json["is_changed"] is True


def test_a_publish_that_dies_in_its_last_step_leaves_the_old_version(house: House, monkeypatch) -> None:
    save(house, drawn(text()))

    def die(*_args: object, **_named: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr("promostack.publishing.drafts.audit.record", die)
        assert house.admin.caller.post(f"{ROUTE}/publish", {"revision": 1}).status == 500
    assert number(house) == 1
    assert len(library.list_versions(house.tenant_id, "summer", most=9)) == 1
    assert house.admin.caller.post(f"{ROUTE}/publish", {"revision": 1}).json["number"] == 2


def test_members_look_at_drafts_and_versions_and_change_nothing(house: House) -> None:
    calls = [
        house.member.caller.put(ROUTE, {"document": drawn(), "revision": 0}),
        house.member.caller.post(f"{ROUTE}/publish", {"revision": 0}),
        house.member.caller.post(f"{ROUTE}/drop", {"revision": 0}),
    ]
    assert {(answer.status, answer.error) for answer in calls} == {(403, "not_allowed")}
    assert house.member.caller.get(f"{ROUTE}/versions/1").json == {"number": 1, "document": document("summer")}
    for wanted in ("2", "0", "one", "9" * 30):
        assert house.member.caller.get(f"{ROUTE}/versions/{wanted}").error == "version_not_found"
    assert house.member.caller.get("client/editor/nowhere").error == "template_not_found"


def test_a_new_template_is_a_draft_until_it_is_published(house: House) -> None:
    new = {"document": {**document("winter"), "name": "Winter"}}
    made = house.admin.caller.post("client/editor", new)
    assert (made.status, made.json["number"], made.json["revision"]) == (201, None, 1)
    assert [item.slug for item in templates.list_published(house.tenant_id, "web")] == ["summer"]
    rows = {each["slug"]: each for each in house.member.caller.get("client/templates").json["items"]}
    assert (rows["winter"]["version"], rows["winter"]["changed"]) == (None, True)
    assert (rows["summer"]["version"], rows["summer"]["changed"]) == (1, False)
    again = house.admin.caller.post("client/editor", new)
    assert (again.status, again.error, set(again.json["error"]["fields"])) == (409, "template_exists", {"slug"})
    kept = house.admin.caller.post("client/editor/winter/drop", {"revision": 1}).json
    assert kept["is_changed"], "what has no version has nothing to go back to"
    assert house.admin.caller.post("client/editor/winter/publish", {"revision": 1}).json["number"] == 1
    assert {item.slug for item in templates.list_published(house.tenant_id, "bot")} == {"summer", "winter"}
    refused = house.admin.caller.post("client/editor", {"document": {**document("x"), "slug": "No Slug"}})
    assert (refused.status, set(refused.json["error"]["fields"])) == (422, {"slug"})
    assert house.member.caller.post("client/editor", new).status == 403


def test_a_version_1_document_becomes_a_draft_and_says_which_pictures_it_could_not_bring(
    house: House, monkeypatch
) -> None:
    monkeypatch.setenv("PUBLIC_ASSET_BASE", "https://cdn.example/")
    box = {"leftPct": 10, "topPct": 60, "widthPct": 80, "heightPct": 12}
    variant = {"box": box, "maxFontPx": 96, "fontColor": "#ffd700"}
    shipped = "https://cdn.example/seed/aurora-square.750a1c3d.jpg"
    old = {"slug": "gold", "name": "Gold", "square": {**variant, "imageUrl": shipped},
           "story": {**variant, "imageUrl": "https://old.example/story.png"}}  # fmt: skip
    made = house.admin.caller.post("client/editor", {"document": old})
    assert (made.status, made.json["slug"]) == (201, "gold")
    document = made.json["document"]
    assert document["formats"]["square"]["background"] == {"asset": "seed/aurora-square.750a1c3d.jpg"}
    assert document["formats"]["story"]["background"] == {"color": "#0B1739"}
    assert document["origin"]["pictures"] == {"story": "https://old.example/story.png"}
    refused = house.admin.caller.post("client/editor", {"document": {"name": "Nothing in it"}})
    assert (refused.status, refused.error) == (422, "invalid_document")


def test_a_template_of_the_own_colours_is_a_draft_and_one_that_cannot_be_read_is_refused(house: House) -> None:
    wanted = {"slug": "ours", "name": "Ours", "background": "#0b1739", "accent": "#8b7bff"}
    made = house.admin.caller.post("client/editor/brand", wanted)
    assert (made.status, made.json["number"], made.json["document"]["name"]) == (201, None, "Ours")
    shapes = made.json["document"]["formats"]
    assert {shape["background"]["color"] for shape in shapes.values()} == {"#0B1739"}
    assert all("logo" in {layer["type"] for layer in shape["layers"]} for shape in shapes.values())
    assert house.admin.caller.post("client/editor/brand", wanted).error == "template_exists"
    unread = house.admin.caller.post("client/editor/brand", {**wanted, "slug": "pale", "accent": "#0B1740"})
    assert (unread.status, unread.error) == (422, "colours_refused")
    assert house.member.caller.post("client/editor/brand", wanted).status == 403
