"""client/uploads: a logo on its way in, over HTTP, with a real object store."""

import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
import requests
from PIL import Image

from promostack.app import services
from promostack.core.clock import SystemClock
from promostack.integrations import spaces
from promostack.publishing import expiry, uploads
from promostack.publishing.upload_schemas import BeginUpload
from promostack.rendering import font_intake
from promostack.rendering.intake import MOST_BYTES, TAKEN
from tests.integration.people import build_house
from tests.integration.uploads.conftest import Sender, logo

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20" fill="#abc"/></svg>'


def sweep(tenant_id: str, *, after_h: float = 25) -> int:
    now = SystemClock().now() + timedelta(hours=after_h)
    return expiry.sweep_uploads(tenant_id, now, 100, private=spaces.private_bucket(), public=spaces.public_bucket())


def test_a_logo_is_sent_checked_and_shown(house, sender, objects) -> None:
    data = logo()
    answer = sender.finish(sender.put(data))
    assert answer.status == 200
    assert {name: answer.json[name] for name in ("width", "height", "media_type")} == {
        "width": 80, "height": 60, "media_type": "image/png",
    }  # fmt: skip
    published = requests.get(answer.json["url"], timeout=60)
    assert published.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert hashlib.sha256(published.content).hexdigest() == answer.json["sha256"]
    assert Image.open(io.BytesIO(published.content)).getpixel((5, 5)) == (0, 128, 128)
    assert house.member.caller.get("client/settings").json["logo_url"] == answer.json["url"]
    assert {each.partition("/")[0] for each in objects()} == {"public"}, "the original is gone"
    line = house.owner.caller.get("client/settings/audit").json["items"][0]
    assert (line["action"], line["actor_id"]) == ("settings.changed", house.owner.user_id)


@pytest.mark.parametrize(
    ("data", "media_type", "becomes"),
    [
        (logo(kind="JPEG"), "image/jpeg", "image/jpeg"),
        (logo(kind="WEBP"), "image/webp", "image/png"),
        (SVG, "image/svg+xml", "image/png"),
    ],
)
def test_other_kinds_are_taken_too(sender, data: bytes, media_type: str, becomes: str) -> None:
    answer = sender.finish(sender.put(data, media_type))
    assert (answer.status, answer.json["media_type"]) == (200, becomes)


def test_the_schema_takes_what_the_check_takes() -> None:
    schema = BeginUpload.model_json_schema()["properties"]
    assert set(schema["media_type"]["enum"]) == {*TAKEN, *font_intake.TAKEN}
    assert schema["bytes"]["maximum"] == MOST_BYTES


def test_the_address_takes_one_file_of_that_type_and_size_only(sender) -> None:
    data = logo()
    ticket = sender.begin(data)
    assert "content-length;content-type" in parse_qs(urlsplit(ticket["url"]).query)["X-Amz-SignedHeaders"][0]
    longer = requests.put(ticket["url"], data=data + b"x", headers=ticket["headers"], timeout=60)
    page = requests.put(ticket["url"], data=data, headers={"Content-Type": "text/html"}, timeout=60)
    assert (longer.status_code, page.status_code) == (403, 403)


def test_a_store_that_lets_another_size_pass_gets_no_further(house, sender, objects) -> None:
    ticket = sender.begin(logo())
    spaces.private_bucket().put(
        f"uploads/{house.tenant_id}/{ticket['id']}", logo("red", (9, 9)), media_type="image/png"
    )
    answer = sender.finish(ticket)
    assert (answer.status, answer.error) == (422, "upload_refused")
    assert "were announced" in answer.json["error"]["message"]
    assert objects() == set()


@pytest.mark.parametrize(
    ("data", "media_type", "words"),
    [
        (SVG.replace(b"<rect", b"<script>alert(1)</script><rect"), "image/svg+xml", "it holds a script"),
        (SVG.replace(b"<rect", b'<image href="http://127.0.0.1/x"/><rect'), "image/svg+xml", "another picture"),
        (b"<!DOCTYPE svg [<!ENTITY a 'b'>]>" + SVG, "image/svg+xml", "declares entities"),
        (logo(kind="GIF"), "image/png", "it is a GIF"),
        (logo(size=(200, 200))[:-40], "image/png", "damaged or cut off"),
        (logo(kind="JPEG") + b"PK\x03\x04more", "image/jpeg", "another file is hidden"),
        (lambda: logo(size=(7000, 7000)), "image/png", "40 megapixels"),  # a second of work, for who runs it
    ],
    ids=["script", "external", "entities", "type", "truncated", "polyglot", "bomb"],
)
def test_a_refused_file_says_why_and_leaves_nothing(house, sender, objects, data, media_type: str, words: str):
    sender.finish(sender.put(logo("navy")))
    before, logo_url = objects(), house.owner.caller.get("client/settings").json["logo_url"]
    ticket = sender.put(data() if callable(data) else data, media_type)
    for _ in range(2):  # asked again it says the same
        answer = sender.finish(ticket)
        assert (answer.status, answer.error) == (422, "upload_refused")
        assert words in answer.json["error"]["message"]
    assert objects() == before
    assert house.owner.caller.get("client/settings").json["logo_url"] == logo_url


def test_finishing_before_the_file_is_there_can_be_repeated_after(sender) -> None:
    data = logo()
    ticket = sender.begin(data)
    early = sender.finish(ticket)
    assert (early.status, early.error) == (409, "upload_incomplete")
    requests.put(ticket["url"], data=data, headers=ticket["headers"], timeout=60)
    assert sender.finish(ticket).status == 200


def test_parallel_and_repeated_calls_have_one_result(house, sender, objects) -> None:
    ticket = sender.put(logo("olive"))
    with ThreadPoolExecutor(4) as calls:
        answers = list(calls.map(lambda _: sender.finish(ticket), range(4)))
    answers.append(sender.finish(ticket))
    assert {answer.status for answer in answers} <= {200, 409}
    results = [answer.json for answer in answers if answer.status == 200]
    assert results[-1:] == [results[0]]
    assert all(each == results[0] for each in results)
    assert len(objects()) == 1
    changes = [
        each for each in house.owner.caller.get("client/settings/audit").json["items"] if "logo_key" in each["data"]
    ]
    assert len(changes) == 1


def test_a_right_that_is_lost_while_the_file_is_checked_sets_no_logo(house, objects, monkeypatch) -> None:
    """Seconds lie between the access rule and the logo; the object that was published meanwhile is swept."""
    sender = Sender(house.admin.caller)
    ticket = sender.put(logo("maroon"))
    bucket = spaces.public_bucket()

    def demote(*published: object, **options: object) -> None:
        put(*published, **options)
        role = house.owner.caller.put(f"client/settings/members/{house.admin.user_id}", {"role": "member"})
        assert role.status == 200

    put = bucket.put
    monkeypatch.setattr(bucket, "put", demote)
    answer = sender.finish(ticket)
    assert (answer.status, answer.error) == (403, "not_allowed")
    assert house.owner.caller.get("client/settings").json["logo_url"] is None
    assert sweep(house.tenant_id) == 1
    assert objects() == set()


def test_anothers_upload_is_one_that_does_not_exist(database, issuer, house, sender) -> None:
    ticket = sender.put(logo())
    foreign = Sender(build_house(database, issuer).owner.caller)
    answers = [foreign.finish(ticket), foreign.finish({"id": str(uuid4())}), foreign.finish({"id": "x"})]
    assert [(each.status, each.error) for each in answers] == [(404, "upload_not_found")] * 3
    assert len({each.json["error"]["message"] for each in answers}) == 1
    assert sender.finish(ticket).status == 200


def test_members_and_strangers_may_not_send(house) -> None:
    body = {"purpose": "logo", "media_type": "image/png", "bytes": 10}
    assert house.member.caller.post("client/uploads", body).error == "not_allowed"
    assert house.admin.caller.post("client/uploads", body).status == 201


def test_a_tenant_sends_so_many_files_an_hour(database, issuer, house, sender, monkeypatch) -> None:
    monkeypatch.setattr(uploads, "MOST_AN_HOUR", 3)
    for each in (sender, sender, Sender(house.admin.caller)):
        each.begin(logo())
    body = {"purpose": "logo", "media_type": "image/png", "bytes": 10}
    answer = house.owner.caller.post("client/uploads", body)
    assert (answer.status, answer.error) == (429, "too_many_requests")
    assert database.query("SELECT count(*) FROM uploads WHERE tenant_id = %s", house.tenant_id) == [(3,)]
    Sender(build_house(database, issuer).owner.caller).begin(logo())


@pytest.mark.parametrize("change", [{"bytes": 0}, {"bytes": 10_000_001}, {"media_type": "image/gif"}, {"purpose": "x"}])
def test_what_cannot_be_taken_is_refused_at_once(house, change: dict) -> None:
    body = {"purpose": "logo", "media_type": "image/png", "bytes": 10, **change}
    answer = house.owner.caller.post("client/uploads", body)
    assert (answer.status, list(answer.json["error"]["fields"])) == (422, list(change))


class Killed(BaseException):
    """The container dies here."""


STEPS = [
    ("_public", "put", False), ("_public", "put", True), ("_private", "delete", False), ("_private", "delete", True),
    ("_private", "get", True),
]  # fmt: skip


@pytest.mark.parametrize(("bucket", "method", "is_after"), STEPS)
@pytest.mark.parametrize("goes_on", ["repeated", "left"])
def test_killed_between_any_two_steps_nothing_is_half_done(
    house, sender, objects, monkeypatch, bucket: str, method: str, is_after: bool, goes_on: str
) -> None:
    """Either the call is made again and ends as if nothing had been, or the sweep leaves nothing that nobody shows."""
    ticket = sender.put(logo("purple"))
    service = services.uploads()
    store = getattr(service, bucket)

    class Dying:
        def __getattr__(self, name: str):
            def call(*arguments, **options):
                if name != method:
                    return getattr(store, name)(*arguments, **options)
                if is_after:
                    getattr(store, name)(*arguments, **options)
                raise Killed

            return call

    with monkeypatch.context() as patch:
        patch.setattr(service, bucket, Dying())
        with pytest.raises(Killed):
            sender.finish(ticket)
    if goes_on == "repeated":
        assert sender.finish(ticket).status == 200
    sweep(house.tenant_id)
    shown = house.owner.caller.get("client/settings").json["logo_url"]
    kept = {f"public/{shown.partition('/public/')[2]}"} if shown else set()
    assert objects() == kept
    assert (goes_on == "left") <= (shown is None or (bucket, method) == ("_private", "delete"))


@pytest.mark.parametrize("is_after", [False, True])
def test_killed_after_a_refusal_the_next_call_leaves_nothing(sender, objects, monkeypatch, is_after: bool) -> None:
    ticket = sender.put(b"no picture".ljust(2000, b"\0"))
    service = services.uploads()
    store = service._private

    class Dying:
        def __getattr__(self, name: str):
            return getattr(store, name)

        def delete(self, key: str) -> None:
            if is_after:
                store.delete(key)
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(service, "_private", Dying())
        with pytest.raises(Killed):
            sender.finish(ticket)
    answer = sender.finish(ticket)
    assert (answer.status, answer.error) == (422, "upload_refused")
    assert objects() == set()


def test_another_file_after_a_killed_call_is_refused_and_leaves_nothing(house, sender, objects, monkeypatch) -> None:
    first, second = (logo(color).ljust(2000, b"\0") for color in ("lime", "pink"))
    ticket = sender.put(first)
    with monkeypatch.context() as patch:
        patch.setattr(services.uploads(), "_public", PutsThenDies())
        with pytest.raises(Killed):
            sender.finish(ticket)
    requests.put(ticket["url"], data=second, headers=ticket["headers"], timeout=60)
    answer = sender.finish(ticket)
    assert (answer.status, "another file was sent" in answer.json["error"]["message"]) == (422, True)
    assert objects() == set()


@pytest.mark.parametrize("is_of_the_other", [True, False], ids=["the same picture", "the same upload"])
def test_a_sweep_between_object_and_row_takes_nothing_that_is_shown(
    database, house, sender, objects, monkeypatch, is_of_the_other: bool
) -> None:
    """What an interrupted upload left goes while another one publishes, or while it is finished itself at last."""
    data = logo("coral")
    ticket = sender.put(data)
    with monkeypatch.context() as patch:
        patch.setattr(services.uploads(), "_public", PutsThenDies())
        with pytest.raises(Killed):
            sender.finish(ticket)
    database.query("UPDATE uploads SET created_at = created_at - interval '25 hours'")
    current = sender.put(data) if is_of_the_other else ticket
    monkeypatch.setattr(services.uploads(), "_public", PutsThenSweeps(house.tenant_id))
    answer = sender.finish(current)
    monkeypatch.undo()
    shown = house.owner.caller.get("client/settings").json["logo_url"]
    assert answer.status == (200 if is_of_the_other else 404)
    assert objects() == ({f"public/{shown.partition('/public/')[2]}"} if shown else set())
    assert (shown is not None) == is_of_the_other


class PutsThenSweeps:
    """The sweep runs between the object and its row; what is left to it may be there before or after."""

    def __init__(self, tenant_id: str) -> None:
        self._tenant_id = tenant_id

    def put(self, *arguments, **options) -> None:
        spaces.public_bucket().put(*arguments, **options)
        sweep(self._tenant_id, after_h=0)

    def __getattr__(self, name: str):
        return getattr(spaces.public_bucket(), name)


class PutsThenDies:
    def put(self, *arguments, **options) -> None:
        spaces.public_bucket().put(*arguments, **options)
        raise Killed


def test_what_was_never_finished_is_swept_after_a_day(database, house, sender, objects) -> None:
    sender.put(logo())
    sender.begin(logo())
    assert sweep(house.tenant_id, after_h=23) == 0
    assert len(objects()) == 1
    assert sweep(house.tenant_id) == 2
    assert objects() == set()
    assert database.query("SELECT count(*) FROM uploads WHERE tenant_id = %s", house.tenant_id) == [(0,)]


def test_a_file_put_again_after_the_end_is_swept_as_well(house, sender, objects) -> None:
    data = logo()
    ticket = sender.put(data)
    assert sender.finish(ticket).status == 200
    requests.put(ticket["url"], data=data, headers=ticket["headers"], timeout=60)
    assert len(objects()) == 2
    assert sweep(house.tenant_id) == 1
    assert {each.partition("/")[0] for each in objects()} == {"public"}
    assert sweep(house.tenant_id) == 0
