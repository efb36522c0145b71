"""Known secrets run through the product: used, refused, broken, rotated. All that it said and stored is searched."""

import base64
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from urllib.parse import quote
from uuid import uuid4

import boto3
import psycopg2
import pytest
import requests

from promostack.app import services
from promostack.auth import keys as session_keys
from promostack.core import config
from promostack.core.errors import PromoError
from promostack.db.uow import unit_of_work
from promostack.integrations import spaces, telegram_bot
from promostack.telegram import bots
from promostack.tenants import secrets
from tests.integration.callers import Caller, main_of
from tests.integration.conftest import ISSUER_KEY, free_port, running
from tests.integration.people import build_house
from tests.integration.secrets.search import find
from tests.integration.uploads.conftest import Sender, logo

PASSWORD = "Canary-Horse-Battery-31415"
WRONG_PASSWORD = "Canary-Wrong-Password-27182"


@dataclass
class Run:
    """What the product said, and which secrets went through it."""

    canaries: dict[str, str] = field(default_factory=dict)
    answers: list[str] = field(default_factory=list)

    def told(self, answer: object) -> None:
        self.answers.append(repr(answer))

    def refused(self, action, *arguments: object, **options: object) -> None:
        """An error of the product; its text is what a caller would read."""
        with pytest.raises(PromoError) as error:
            action(*arguments, **options)
        self.answers.append(f"{error.value!r} {error.value.message} {error.value.fields}")


@pytest.fixture(scope="module")
def telegram() -> Iterator[str]:
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with running("scripts.local.telegram", "--port", str(port), ready=f"{base}/_control/health"):
        yield base


@pytest.fixture
def run(telegram: str, issuer, store, crm, monkeypatch: pytest.MonkeyPatch, deploy_keys) -> Run:
    """The product with a canary for each of its secrets."""
    salt, signing, platform = "pepper", hashlib.sha256(b"sign").digest(), f"user:{uuid4().hex}"
    hashed = hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), salt.encode(), 100_000).hex()
    for name, value in {
        "TELEGRAM_API_BASE": telegram,
        "SESSION_KEYS": f"s1:{base64.b64encode(signing).decode()}",
        "ADMIN_PASSWORD_HASH": f"pbkdf2_sha256$100000${salt}${hashed}",
        "FUNCTIONS_ACCESS_KEY": platform,
        "FUNCTIONS_API_HOST": "http://127.0.0.1:9",
    }.items():
        monkeypatch.setenv(name, value)
    for cached in (
        config.optional,
        session_keys.session_keys,
        services.uploads,
        services.sender,
        services.text_sender,
        spaces.private_bucket,
    ):
        cached.cache_clear()
    return Run(
        {
            "clerk key": ISSUER_KEY,
            "session key": base64.b64encode(signing).decode(),
            "password": PASSWORD,
            "wrong password": WRONG_PASSWORD,
            "password's hash": hashed,
            "platform's key": platform.partition(":")[2],
            **{f"secrets key {each}": crypto_key(each) for each in ("k1", "k2")},
        }
    )


def crypto_key(key_id: str) -> str:
    return base64.b64encode(hashlib.sha256(key_id.encode()).digest()).decode()


def test_no_secret_is_said_or_stored_anywhere(
    database, run: Run, telegram, issuer, deploy_keys, capfd, monkeypatch
) -> None:
    house = build_house(database, issuer)
    bot = _bots(run, telegram, house, database)
    _people(run, house, issuer)
    _breakdowns(run, house, bot, database, monkeypatch)
    deploy_keys("k2", "k1")
    run.told(main_of("work", "maintenance")({}, SimpleNamespace(activation_id="m")))
    run.refused(telegram_bot.call, bots.token_of(house.tenant_id, bot.id)[:-1] + "x", "getMe", {})
    places = {"logs": "".join(capfd.readouterr()).encode(), "answers": "\n".join(run.answers).encode()}
    places |= dict(_tables(database)) | dict(_objects(house.tenant_id))
    assert len(run.canaries) >= 12
    assert all(len(places[name]) > 500 for name in ("logs", "answers", "table secrets", "table auth_failures"))
    assert find(places, run.canaries) == []

    # The search itself: a part of each, in each form, is seen in each kind of place.
    for name, canary in run.canaries.items():
        for form in (canary[1:], base64.b64encode(b"ab" + canary.encode()).decode(), canary.encode().hex()):
            assert find({"log": f'{{"event": "x", "detail": "{form}"}}'.encode()}, {name: canary}) == [("log", name)]
    planted = run.canaries["bot token"][3:20]
    database.query("UPDATE tenants SET state_reason = %s WHERE tenant_id = %s", f"x{planted}", house.tenant_id)
    spaces.public_bucket().put(f"uploads/{house.tenant_id}/x", quote(planted).encode(), media_type="text/plain")
    print(planted)
    places = {"logs": capfd.readouterr().out.encode(), **dict(_tables(database)), **dict(_objects(house.tenant_id))}
    seen = {place for place, name in find(places, run.canaries) if name == "bot token"}
    assert seen == {"logs", "table tenants", f"object public/uploads/{house.tenant_id}/x"}


def _bots(run: Run, telegram: str, house, database) -> object:
    """Connects, uses and fails: the right token, somebody else's, a wrong one; calls with right and wrong secrets."""
    made = requests.post(f"{telegram}/_control/bots", json={"username": f"b{uuid4().hex[:9]}_bot", "first_name": "P"})
    token = made.json()["token"]
    bot = bots.connect(house.tenant_id, token, webhook_base="http://127.0.0.1:9", call=telegram_bot.call)
    public_id, secret = bots.webhook_of(house.tenant_id, bot.id)
    forged = f"forged-{uuid4().hex}"
    wrong = f"{token.partition(':')[0]}:{uuid4().hex}xyz"
    run.canaries |= {
        "bot token": token.partition(":")[2],
        "webhook secret": secret,
        "forged webhook secret": forged,
        "wrong token": wrong.partition(":")[2],
    }
    connect = {"webhook_base": "http://127.0.0.1:9", "call": telegram_bot.call}
    run.refused(bots.connect, database.add_tenant(), token, **connect)
    run.refused(bots.connect, house.tenant_id, wrong, **connect)
    with unit_of_work(house.tenant_id) as tx:
        run.told(secrets.describe(tx, house.tenant_id, secrets.BOT_TOKEN, bot.id))
    run.told(bot)
    user = requests.post(
        f"{telegram}/_control/users", json={"first_name": "A", "username": f"u{uuid4().hex[:9]}"}
    ).json()
    requests.post(f"{telegram}/_control/start", json={"bot": bot.username, "user": user["id"]})
    webhook = main_of("hooks", "telegram-webhook")
    for number, (sent, status) in enumerate(((secret, 200), (forged, 401), (secret, 200))):
        answer = webhook(_update(public_id, sent, number, user["id"]), SimpleNamespace(activation_id="w"))
        assert answer["statusCode"] == status
        run.told(answer)
    run.told(main_of("work", "deliver")({}, SimpleNamespace(activation_id="d")))
    messages = requests.get(f"{telegram}/_control/messages", params={"bot": bot.username, "user": user["id"]}).text
    assert "text" in messages
    run.told(messages)
    return bot


def _update(public_id: str, secret: str, number: int, user: int) -> dict:
    who = {"id": user, "is_bot": False, "first_name": "A"}
    message = {"message_id": 50 + number, "date": 1, "chat": {"id": user, "type": "private", "first_name": "A"}}
    body = {"update_id": 900 + number, "message": message | {"from": who, "text": "/help"}}
    headers = {"x-telegram-bot-api-secret-token": secret, "content-type": "application/json"}
    http = {"method": "POST", "path": f"/{public_id}", "queryString": "", "headers": headers}
    encoded = base64.b64encode(json.dumps(body).encode()).decode()
    return {"http": http | {"body": encoded, "isBase64Encoded": True}}


def _people(run: Run, house, issuer) -> None:
    """Signs in by token and by password, rightly and wrongly; sends a logo."""
    token = issuer.token(house.owner.subject)
    run.canaries["session token"] = token.rpartition(".")[2]
    owner, forger = Caller(lambda: token), Caller(lambda: token[:-8] + "AAAAAAAA")
    for caller in (owner, forger, Caller(None)):
        run.told(caller.get("client/session"))
        run.told(caller.get("client/settings"))
        run.told(caller.get("admin/tenants"))
    sender = Sender(owner)
    run.told(sender.finish(sender.put(logo("plum"))))
    nobody, own_page = Caller(None), {"sec_fetch_site": "same-origin"}
    for password, status in ((WRONG_PASSWORD, 401), (PASSWORD, 200)):
        body = {"email": "platform@promostack.example", "password": password}
        answer = nobody.post("admin/login", body, **own_page)
        assert answer.status == status
        run.told((answer.status, answer.body))
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    run.canaries["admin cookie"] = cookie.rpartition(".")[2]
    run.told(nobody.post("admin/login", {"email": WRONG_PASSWORD, "password": 7}, **own_page).status)
    for headers in (own_page, {"sec_fetch_site": "cross-site"}, {**own_page, "origin": "https://evil.example"}):
        run.told(nobody.get("admin/login", cookie=cookie, **headers))
    run.told(nobody.get("admin/login", cookie=cookie[:-4] + "AAAA", **own_page))
    run.told(Caller(lambda: issuer.token("user_platform")).get("admin/login"))


def _breakdowns(run: Run, house, bot, database, monkeypatch) -> None:
    """Vendors away, the platform away, a secret that does not open, and a bug with a secret in its text."""
    token = secrets.read(house.tenant_id, secrets.BOT_TOKEN, bot.id)
    with monkeypatch.context() as patch:
        for name in ("TELEGRAM_API_BASE", "CLERK_API_BASE", "SPACES_ENDPOINT"):
            patch.setenv(name, "http://127.0.0.1:9")
        config.optional.cache_clear()
        telegram_bot._bot.cache_clear()
        run.refused(telegram_bot.call, token, "getMe", {})
        run.told(main_of("public", "health")({"http": {"method": "GET", "path": "", "headers": {}}}, None))
    config.optional.cache_clear()
    telegram_bot._bot.cache_clear()
    database.query("UPDATE periodic_work SET started_at = '-infinity'")
    run.told(main_of("work", "tick")({}, SimpleNamespace(activation_id="t")))
    ((sealed,),) = database.query(
        "SELECT ciphertext FROM secrets WHERE tenant_id = %s AND purpose = 'bot.token'", house.tenant_id
    )
    broken = "UPDATE secrets SET ciphertext = %s WHERE tenant_id = %s AND purpose = 'bot.token'"
    database.query(broken, "v2.k1.AAAA", house.tenant_id)
    run.refused(bots.token_of, house.tenant_id, bot.id)
    database.query(broken, sealed, house.tenant_id)
    with monkeypatch.context() as patch:

        def broken_service(*_: object, **__: object) -> None:
            raise ValueError(f"https://api.telegram.org/bot{token}/getMe broke")

        patch.setattr("promostack.tenants.settings.read_settings", broken_service)
        run.told(house.owner.caller.get("client/settings"))


def _tables(database) -> Iterator[tuple[str, bytes]]:
    """Every table in the clear."""
    names = [row[0] for row in database.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    connection = psycopg2.connect(database.owner_dsn)
    with connection, connection.cursor() as cursor:
        for name in names:
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{name}" AS t')
            yield f"table {name}", "\n".join(row[0] for row in cursor.fetchall()).encode()
    connection.close()


def _objects(tenant_id: str) -> Iterator[tuple[str, bytes]]:
    """Every object of the tenant, by name and content."""
    client = boto3.client(
        "s3",
        endpoint_url=config.require("SPACES_ENDPOINT"),
        region_name="local",
        aws_access_key_id="test-access",
        aws_secret_access_key="test-secret",
    )
    for bucket in ("public", "private"):
        for prefix in ("uploads", "renders"):
            found = client.list_objects_v2(Bucket=bucket, Prefix=f"{prefix}/{tenant_id}/").get("Contents", [])
            for key in (each["Key"] for each in found):
                body = client.get_object(Bucket=bucket, Key=key)["Body"].read()
                yield f"object {bucket}/{key}", key.encode() + b"\n" + body


@pytest.mark.parametrize("place", ["start", "middle", "end"])
def test_the_search_sees_a_part_in_every_encoding(place: str) -> None:
    canary = uuid4().hex + uuid4().hex
    part = {"start": canary[:16], "middle": canary[20:36], "end": canary[-16:]}[place]
    forms = [part, part.encode().hex(), part.encode().hex().upper()]
    forms += [base64.b64encode(b"x" * shift + part.encode() + b"yy").decode() for shift in range(3)]
    for form in forms:
        assert find({"x": f"…{form}…".encode()}, {"canary": canary}) == [("x", "canary")], form
    assert find({"x": uuid4().hex.encode() * 9}, {"canary": canary}) == []
