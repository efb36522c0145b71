"""client/batches and work/batch: a list of codes becomes one archive, whatever comes between."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
import requests

from promostack.app import services
from promostack.core.clock import SystemClock
from promostack.coupons.errors import TooManyGuesses
from promostack.integrations import spaces
from promostack.publishing import batch_files, batches
from promostack.publishing.batch_making import MOST_ATTEMPTS, BatchMaker
from promostack.templates import service as templates
from tests.integration.callers import main_of
from tests.integration.people import House
from tests.integration.public.calls import Answer

ROUTE = "client/batches"
CODES = [f"SAVE-{number}" for number in range(1, 6)]
ORDER = {
    "template": "summer",
    "formats": ["square", "story"],
    "codes": "code,who\n" + "".join(f"{c},x\n" for c in CODES),
}


def document() -> dict:
    text = {"id": "t", "type": "text", "x": 4, "y": 4, "width": 88, "height": 40, "text": "{code}", "max_size": 30}
    shape = {"width": 96, "height": 48, "background": {"color": "#102030"}, "layers": [text]}
    formats = {"square": shape, "story": {**shape, "height": 64}, "feed": shape}
    return {"schema": 2, "slug": "summer", "name": "Summer", "formats": formats}


@dataclass
class Checks:
    """A coupon provider: every code is valid but those that are told otherwise."""

    told: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, tenant: object, code: str, actor: str) -> SimpleNamespace:
        self.asked.append((code, actor))
        if self.told.get(code) == "too many":
            raise TooManyGuesses("Too many wrong codes.", retry_after_s=9)
        return SimpleNamespace(status=self.told.get(code, "valid"), message="This code is not valid.")


class Killed(BaseException):
    """The process ends here."""


class Store:
    """The private bucket, which ends its caller before or after the n-th call that changes something."""

    def __init__(self, at: int = 0, *, is_after: bool = False) -> None:
        self._bucket, self._left, self._is_after = spaces.private_bucket(), at, is_after

    def __getattr__(self, name: str) -> Callable:
        call = getattr(self._bucket, name)
        return (
            (lambda *args, **options: self._counted(call, *args, **options)) if name in ("put_file", "delete") else call
        )

    def _counted(self, call: Callable, *args: object, **options: object) -> object:
        self._left -= 1
        if self._left == 0 and not self._is_after:
            raise Killed
        answer = call(*args, **options)
        if self._left == 0:
            raise Killed
        return answer


@pytest.fixture
def shop(house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    spaces.private_bucket.cache_clear()
    services.batch_maker.cache_clear()
    monkeypatch.setattr(batch_files, "SEGMENT_PICTURES", 4)
    templates.publish(house.tenant_id, document())
    return house


def maker(checks: Checks, store: object = None) -> BatchMaker:
    assets = spaces.CachedReads(spaces.public_bucket())
    return BatchMaker(store or spaces.private_bucket(), assets, checks, SystemClock())


def made(shop: House, checks: Checks | None = None, **order: object) -> dict:
    asked = shop.owner.caller.post(ROUTE, ORDER | order)
    assert asked.status == 201, asked.body
    assert maker(checks or Checks()).run(shop.tenant_id, lambda: True) == 1
    return shop.member.caller.get(ROUTE).json["items"][0]


def archive(shop: House, batch: dict) -> zipfile.ZipFile:
    links = shop.admin.caller.post(f"{ROUTE}/{batch['id']}/links").json["links"]
    answer = requests.get(links[0]["url"], timeout=60)
    assert "summer-" in answer.headers["Content-Disposition"]
    assert hashlib.sha256(answer.content).hexdigest() == links[0]["sha256"]
    return zipfile.ZipFile(io.BytesIO(answer.content))


def files(shop: House) -> list[str]:
    return [key for key in spaces.private_bucket().keys_of(shop.tenant_id) if key.startswith("batches/")]


def refusal(answer: Answer) -> str:
    return answer.json["error"]["code"]


def test_every_code_in_every_format_stands_in_one_archive(shop: House) -> None:
    batch = made(shop)
    assert (batch["state"], batch["codes_done"], batch["pictures"]) == ("done", 5, 10)
    found = archive(shop, batch)
    manifest = json.loads(found.read("manifest.json"))
    assert found.namelist() == [
        *(f"{name}/{code}.jpg" for code in CODES for name in ("square", "story")),
        "manifest.json",
    ]
    for entry in manifest["pictures"]:
        assert hashlib.sha256(found.read(entry["file"])).hexdigest() == entry["sha256"]
    assert manifest["template"] == {"slug": "summer", "name": "Summer", "version": 1}
    assert len(files(shop)) == 1, "segments are gone"


def test_rows_without_a_picture_are_named_with_their_reason(shop: House) -> None:
    checks = Checks({"SAVE-2": "invalid"})
    batch = made(shop, checks, codes="SAVE-1\n###\nSAVE-2\nSAVE-3\n", formats=["square"])
    assert [(each["row"], each["text"]) for each in batch["left_out"]] == [(2, "###"), (3, "SAVE-2")]
    manifest = json.loads(archive(shop, batch).read("manifest.json"))
    assert [entry["code"] for entry in manifest["pictures"]] == ["SAVE-1", "SAVE-3"]
    assert [each["reason"] for each in manifest["left_out"]][1] == "This code is not valid."
    assert {actor for _, actor in checks.asked} == {f"batch:{shop.owner.user_id}"}


def test_after_too_many_wrong_codes_nothing_more_is_drawn(shop: House) -> None:
    batch = made(shop, Checks(dict.fromkeys(CODES[1:], "too many")))
    assert batch["pictures"] == 2
    assert {each["reason"] for each in batch["left_out"]} == {"Not checked: too many codes of this list are not valid."}


@pytest.mark.parametrize("is_after", [False, True], ids=["before", "after"])
def test_killed_at_any_call_of_the_store_it_ends_in_the_same_archive(shop: House, database, is_after: bool) -> None:
    whole = archive(shop, made(shop))
    for number in range(1, 8):  # three segments, the archive, and three segments that go
        asked = shop.owner.caller.post(ROUTE, ORDER).json
        with pytest.raises(Killed):
            maker(Checks(), Store(number, is_after=is_after)).run(shop.tenant_id, lambda: True)
        database.query("UPDATE picture_batches SET lease_until = now() WHERE id = %s", asked["id"])
        maker(Checks()).run(shop.tenant_id, lambda: True)
        batch = shop.member.caller.get(ROUTE).json["items"][0]
        assert (batch["id"], batch["state"], batch["pictures"]) == (asked["id"], "done", 10)
        again = archive(shop, batch)
        assert [(each.filename, each.CRC) for each in again.infolist()] == [
            (each.filename, each.CRC) for each in whole.infolist()
        ]


def test_what_is_done_is_not_done_again(shop: House) -> None:
    shop.owner.caller.post(ROUTE, ORDER)
    first, second, turns = Checks(), Checks(), iter([True, True, True])
    assert maker(first).run(shop.tenant_id, lambda: next(turns, False)) == 0
    batch = shop.member.caller.get(ROUTE).json["items"][0]
    assert (batch["state"], batch["codes_done"], batch["pictures"]) == ("waiting", 3, 6)
    assert maker(second).run(shop.tenant_id, lambda: True) == 1
    assert [code for code, _ in first.asked + second.asked] == CODES


def test_a_provider_that_does_not_answer_is_waited_for_and_then_done_without(shop: House, database) -> None:
    shop.owner.caller.post(ROUTE, ORDER)
    checks = Checks({"SAVE-3": "unknown"})
    for _ in range(MOST_ATTEMPTS):
        assert maker(checks).run(shop.tenant_id, lambda: True) == 0
        assert maker(checks).run(shop.tenant_id, lambda: True) == 0, "not before its pause is over"
        database.query("UPDATE picture_batches SET lease_until = now() WHERE tenant_id = %s", shop.tenant_id)
    assert maker(checks).run(shop.tenant_id, lambda: True) == 1
    batch = shop.member.caller.get(ROUTE).json["items"][0]
    assert [(each["row"], each["text"]) for each in batch["left_out"]] == [(4, "SAVE-3")]
    assert batch["pictures"] == 8


def test_a_cancelled_batch_stops_its_maker_and_leaves_no_file(shop: House) -> None:
    asked = shop.owner.caller.post(ROUTE, ORDER).json

    def cancel_at_third(tenant: object, code: str, actor: str) -> SimpleNamespace:
        if code == CODES[3]:
            assert shop.admin.caller.post(f"{ROUTE}/{asked['id']}/cancel").json["state"] == "cancelled"
        return SimpleNamespace(status="valid", message="")

    assert maker(cancel_at_third).run(shop.tenant_id, lambda: True) == 0
    assert files(shop) != []
    assert main_of("work", "batch")({}, None)["cleared"] == 1
    assert files(shop) == []
    assert refusal(shop.admin.caller.post(f"{ROUTE}/{asked['id']}/cancel")) == "batch_over"
    assert refusal(shop.admin.caller.post(f"{ROUTE}/{asked['id']}/links")) == "batch_not_ready"


def test_an_archive_goes_after_a_week_and_its_codes_with_it(shop: House, database) -> None:
    batch = made(shop)
    database.query("UPDATE picture_batches SET expires_at = now() WHERE id = %s", batch["id"])
    assert batches.clear(shop.tenant_id, SystemClock().now(), private=spaces.private_bucket()) == 1
    assert files(shop) == []
    assert database.query("SELECT state, codes FROM picture_batches WHERE id = %s", batch["id"]) == [("expired", [])]


def test_the_version_that_counted_when_it_was_asked_for_is_drawn(shop: House) -> None:
    shop.owner.caller.post(ROUTE, ORDER | {"formats": ["square"]})
    templates.publish(shop.tenant_id, document() | {"name": "Another"})
    maker(Checks()).run(shop.tenant_id, lambda: True)
    batch = shop.member.caller.get(ROUTE).json["items"][0]
    assert json.loads(archive(shop, batch).read("manifest.json"))["template"]["version"] == 1


@pytest.mark.parametrize(
    ("change", "status", "path"),
    [
        ({"codes": "code\n\n###\n"}, 422, "codes"),
        ({"codes": "\n".join(f"C{n}" for n in range(2001))}, 422, "codes"),
        ({"formats": ["poster"]}, 422, "formats"),
        ({"formats": []}, 422, "formats"),
        ({"fields": {"nothing": "x"}}, 422, "fields.nothing"),
        ({"scale": 3}, 422, "scale"),
        ({"unknown": 1}, 422, "unknown"),
        ({"template": "winter"}, 404, "template"),
    ],
)
def test_a_wrong_order_is_refused_with_the_path(shop: House, change: dict, status: int, path: str) -> None:
    answer = shop.owner.caller.post(ROUTE, ORDER | change)
    assert (answer.status, list(answer.json["error"]["fields"])) == (status, [path])
    assert shop.owner.caller.get(ROUTE).json["items"] == []


def test_one_batch_at_a_time(shop: House) -> None:
    assert shop.owner.caller.post(ROUTE, ORDER).status == 201
    assert refusal(shop.admin.caller.post(ROUTE, ORDER)) == "batch_open"


def test_the_job_asks_the_workspaces_own_provider(shop: House, crm) -> None:
    from promostack.app.services import coupons

    coupons.cache_clear()
    shop.owner.caller.put("client/coupons/providers", {"providers": ["local"]})
    shop.owner.caller.post("client/coupons", {"code": "SAVE-1"})
    wrong = [f"WRONG-{number}" for number in range(12)]  # more than anybody else may have checked in a minute
    shop.owner.caller.post(ROUTE, ORDER | {"formats": ["square"], "codes": "\n".join(["SAVE-1", *wrong])})
    assert main_of("work", "batch")({}, None) == {"ok": True, "made": 1, "cleared": 0, "failed": 0}
    batch = shop.member.caller.get(ROUTE).json["items"][0]
    assert (batch["pictures"], [each["text"] for each in batch["left_out"]]) == (1, wrong)
    assert [each["reason"] for each in batch["left_out"] if each["reason"].startswith("Not checked")] == []
