"""A bot of a tenant, the Telegram simulator as a server of its own, and a person to play."""

import base64
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from uuid import uuid4

import pytest
import requests

from promostack.app import services
from promostack.core import config, crypto, ids
from promostack.delivery.sender import Sender
from promostack.integrations.telegram_bot import TelegramMessenger
from promostack.telegram import bots
from promostack.telegram.models import Bot
from tests.contract.telegram_calls import assert_valid
from tests.integration.killing import Lives
from tests.integration.people import stranger
from tests.integration.telegram.channel_house import PICTURE as POSTED
from tests.integration.telegram.channel_house import RIGHTS, House
from tests.integration.telegram.start_house import Newcomer

ROOT = Path(__file__).resolve().parents[3]
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@dataclass
class Simulator:
    """The simulator's control API."""

    base: str

    def ask(self, method: str, path: str, /, **body: object) -> dict:
        answer = requests.request(method, f"{self.base}/_control{path}", json=body or None, timeout=60)
        assert answer.status_code < 400, answer.text
        return answer.json()

    def look(self, path: str, **query: object) -> dict:
        return requests.get(f"{self.base}/_control{path}", params=query, timeout=60).json()

    def calls(self, method: str, **query: object) -> list[dict]:
        return self.look("/calls", method=method, **query)["calls"]

    def messages(self, bot: Bot, user: int) -> list[dict]:
        return [each["message"] for each in self.look("/messages", bot=bot.username, user=user)["messages"]]


@dataclass
class MemoryStore:
    """Objects by key; counts reads."""

    objects: dict[str, bytes] = field(default_factory=dict)
    reads: list[str] = field(default_factory=list)

    def load(self, key: str) -> bytes:
        self.reads.append(key)
        return self.objects[key]


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    """At the module's end every call that reached it is one that Telegram would take."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "scripts.local.telegram", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    made = Simulator(f"http://127.0.0.1:{port}")
    session = requests.Session()
    session.mount("http://", requests.adapters.HTTPAdapter(max_retries=requests.adapters.Retry(12, backoff_factor=0.1)))
    session.get(f"{made.base}/_control/health", timeout=60).raise_for_status()
    try:
        yield made
        assert_valid(made.base)
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(autouse=True)
def _environment(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    simulator.ask("DELETE", "/faults")
    monkeypatch.setenv("TELEGRAM_API_BASE", simulator.base)
    monkeypatch.setenv("SECRETS_KEYS", "k1:" + base64.b64encode(b"k" * 32).decode())
    config.optional.cache_clear()
    crypto._keys.cache_clear()


@pytest.fixture
def bot(simulator: Simulator, database, tenant_id: str) -> Bot:
    """A connected bot, as `bots.connect` stores it, without a webhook: the tests hand updates in themselves."""
    token = simulator.ask("POST", "/bots", username=f"b{uuid4().hex[:10]}_bot", first_name="Promo")["token"]
    return bots.connect(tenant_id, token, webhook_base="http://127.0.0.1:9", call=_call)


@pytest.fixture
def user(simulator: Simulator, bot: Bot) -> int:
    """A person who has started the bot."""
    user_id = simulator.ask("POST", "/users", first_name="Ada", username=f"u{uuid4().hex[:10]}")["id"]
    simulator.ask("POST", "/start", bot=bot.username, user=user_id)
    return user_id


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore({"renders/x.png": PICTURE})


@pytest.fixture
def sender(store: MemoryStore) -> Sender:
    return Sender(TelegramMessenger(bots.token_of), store.load)


@pytest.fixture
def house(database, simulator, bot, user, sender, store) -> House:
    store.objects[POSTED.object_key] = store.objects["renders/x.png"]
    made = House(database, simulator, bot, user, sender, count(1), username=f"c{uuid4().hex[:10]}")
    made.chat_id = simulator.ask(
        "POST", "/chats", type="channel", title="Gold", username=made.username, members=[user]
    )["id"]
    made.have_picture()
    return made


@pytest.fixture
def connected(house: House) -> House:
    assert house.place(**RIGHTS) == "done"
    return house


@pytest.fixture
def maker(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict]:
    """The platform's bot, and somebody in Telegram."""
    hub = simulator.ask("POST", "/bots", username=f"m{uuid4().hex[:10]}_bot", first_name="Hub", can_manage_bots=True)
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", hub["token"])
    config.optional.cache_clear()
    services.managed.cache_clear()
    yield {"hub": hub, "user": simulator.ask("POST", "/users", first_name="Ada", username=f"u{uuid4().hex[:10]}")}
    config.optional.cache_clear()
    services.managed.cache_clear()


@pytest.fixture
def come(
    database, simulator, issuer, object_store, control, maker, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[bool], Newcomer]]:
    """Somebody new each time, on the first or the second way."""
    caches = (services.branding, services.sender, services.channel_posts, services.coupons, services.gallery)
    for each in caches:
        each.cache_clear()
    lives = Lives(monkeypatch)

    def make(with_taps: bool) -> Newcomer:
        newcomer = Newcomer(database, simulator, control, maker, lives, stranger(issuer), with_taps)
        newcomer.begin()
        return newcomer

    yield make
    for each in caches:
        each.cache_clear()


@pytest.fixture
def lease() -> str:
    return ids.opaque_id()


def _call(token: str, method: str, params: dict) -> object:
    from promostack.integrations.telegram_bot import call

    return call(token, method, params)
