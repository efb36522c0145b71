"""A publish whose process really dies: at each statement, and before and after each commit and call of the store."""

from functools import partial

import pytest

from promostack.app import services
from promostack.integrations import spaces
from promostack.templates import service as templates
from tests.integration.killing import is_killed
from tests.integration.people import House
from tests.integration.public.calls import Functions
from tests.integration.templates.test_templates import document

ROUTE = "client/editor/summer"
COLOURS = [f"#0000{number:02X}" for number in range(100)]


def save(house: House, colour: str) -> int:
    body = {"document": document("summer", color=colour), "revision": house.owner.caller.get(ROUTE).json["revision"]}
    return house.owner.caller.put(ROUTE, body).json["revision"]


def shown(house: House) -> tuple[int, str]:
    """Number and colour of the version that the web gallery, the page's preview and the bot show."""
    told = Functions().get("templates", "summer", tenant=house.slug).json
    versions = []
    for channel in ("web", "bot"):
        [item] = templates.list_published(house.tenant_id, channel)
        published = templates.get_published(house.tenant_id, item.slug, channel)
        assert item.version_id == published.version_id
        assert published.document == told
        versions.append((published.number, told["formats"]["square"]["background"]["color"]))
    assert versions[0] == versions[1]
    return versions[0]


@pytest.mark.long
def test_a_publish_killed_anywhere_leaves_the_old_version_or_all_of_the_new_one(house: House, monkeypatch) -> None:
    spaces.private_bucket.cache_clear()
    services.gallery.cache_clear()
    templates.publish(house.tenant_id, document("summer", color=COLOURS[0]))
    number, before, at, ends = 1, COLOURS[0], 0, []
    revision = save(house, COLOURS[1])
    while is_killed(partial(house.owner.caller.post, f"{ROUTE}/publish", {"revision": revision}), at=at):
        wanted, draft = COLOURS[number], house.owner.caller.get(ROUTE).json
        is_made = shown(house) == (number + 1, wanted)
        ends.append(is_made)
        if is_made:
            assert not draft["is_changed"], "a version is published with its draft's end"
            number, before = number + 1, wanted
            revision = save(house, COLOURS[number])
        else:
            assert shown(house) == (number, before)
            assert (draft["is_changed"], draft["revision"]) == (True, revision), "the draft is there to be published"
            versions = house.owner.caller.get(f"{ROUTE.replace('editor', 'templates')}/versions").json["items"]
            assert len(versions) == number
        at += 1
    assert shown(house) == (number + 1, COLOURS[number])
    assert ends == sorted(ends), "once its commit is done it stays"
    assert ends.count(False) >= 10
    assert any(ends), "between commit and answer, too"
