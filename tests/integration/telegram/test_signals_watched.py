"""A subscriber watches the channel in Chromium while the clock is pushed: signal, target, close, card, recap."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from promostack.app.forex_news import News
from promostack.db.uow import unit_of_work
from promostack.signals import repository
from promostack.signals.telling.drawing import Pictures
from promostack.telegram import channels
from tests.integration.signals.conftest import _vendor_server, client, vendor  # noqa: F401  # fixtures
from tests.integration.signals.conftest import market as market_fixture  # noqa: F401
from tests.integration.telegram.conftest import RIGHTS, MemoryStore
from tests.integration.telegram.test_signal_news import CLOSED, MORNING, Bucket
from tests.integration.telegram.test_signals import ENTRY, Tenant, tenant  # noqa: F401

pytestmark = pytest.mark.long

SECOND = ENTRY + timedelta(minutes=105)
SEEN_MS = 45_000


class Subscriber:
    """Somebody in the channel of a tenant whose signals are on, with the channel open before him."""

    def __init__(self, tenant: Tenant, browser: object, store: MemoryStore) -> None:  # noqa: F811
        house, name = tenant.house, uuid4().hex[:10]
        reader = house.simulator.ask("POST", "/users", first_name="Rea", username=f"r{name}")["id"]
        members = [house.user, reader]
        chat = {"type": "channel", "title": "Gold room", "username": f"g{name}"}
        chat_id = house.simulator.ask("POST", "/chats", **chat, members=members)["id"]
        tenant.house = replace(house, chat_id=chat_id)
        assert tenant.house.place(**RIGHTS) == "done"
        self.tenant, self.news = tenant, News(Pictures(Bucket(store)))
        self.choose()
        self.page: Page = browser.new_page(viewport={"width": 1280, "height": 900})
        self.page.goto(f"{house.simulator.base}/telegram/#{reader}/{chat_id}")
        expect(self.page.locator(".phone-foot")).to_contain_text("Only admins post", timeout=SEEN_MS)

    def choose(self, *entries: datetime, **more: object) -> None:
        """The bars that lead to a signal; the first one unless others are named."""
        with unit_of_work(self.tenant.id) as tx:
            (channel,) = [each for each in channels.list_channels(tx, self.tenant.id) if each.title == "Gold room"]
        self.tenant.choose(params={"buys": [each.isoformat() for each in entries or (ENTRY,)]}, **more)
        with unit_of_work(self.tenant.id) as tx:
            settings = repository.find_settings(tx, self.tenant.id)
            assert settings is not None
            repository.save_settings(tx, self.tenant.id, replace(settings, channel_id=channel.id))

    def messages(self) -> Locator:
        return self.page.locator(".message")

    def sees(self, place: int, *words: str) -> None:
        for each in words:
            expect(self.messages().nth(place)).to_contain_text(each, timeout=SEEN_MS)

    def tell(self, at: datetime) -> None:
        self.tenant.forget_waits()
        self.tenant.clock.stand_at(at)
        self.tenant.forex.recap(self.news, 30)


@pytest.fixture
def subscriber(
    tenant: Tenant,  # noqa: F811
    browser: object,
    store: MemoryStore,
) -> Iterator[Subscriber]:
    made = Subscriber(tenant, browser, store)
    yield made
    made.page.close()


def test_signal_target_close_card_and_recap_arrive_while_one_looks(
    subscriber: Subscriber, tmp_path_factory: pytest.TempPathFactory
) -> None:
    tenant, page = subscriber.tenant, subscriber.page  # noqa: F811
    subscriber.tell(MORNING - timedelta(days=1) + timedelta(minutes=10))
    subscriber.sees(0, "Day: 04 Mar 2024", "Signals closed: 0")
    tenant.scan_at(ENTRY)
    subscriber.sees(1, "BUY XAUUSD", "ENTRY ", "SL ", "TP3 ", "its reason is gone", "No advice")
    expect(subscriber.messages()).to_have_count(2)

    tenant.live(CLOSED)
    subscriber.sees(1, "✅", "Closed: stopped at the entry")
    subscriber.sees(2, "BUY XAUUSD: TP1 ", "reached")
    subscriber.sees(3, "BUY XAUUSD closed: stopped at the entry", "Net +")
    subscriber.tell(CLOSED + timedelta(minutes=1))
    subscriber.sees(4, "BUY XAUUSD: stopped at the entry")
    subscriber.tell(MORNING + timedelta(minutes=10))
    subscriber.sees(5, "Day: 05 Mar 2024", "Signals closed: 1", "Record ends in")
    pictures = page.locator(".message .photo img")
    expect(pictures).to_have_count(2)
    for place in range(2):
        pictures.nth(place).evaluate("(image) => image.decode()")
    assert pictures.first.evaluate("(image) => [image.naturalWidth, image.naturalHeight]") == [1080, 1080]
    folder = tmp_path_factory.mktemp("watched")
    page.screenshot(path=folder / "end.png")
    subscriber.messages().nth(1).scroll_into_view_if_needed()
    page.screenshot(path=folder / "begin.png")
    assert (folder / "begin.png").stat().st_size > 10_000


def test_paused_in_the_middle_what_is_open_goes_on_and_nothing_new_comes(subscriber: Subscriber) -> None:
    tenant = subscriber.tenant  # noqa: F811
    subscriber.choose(ENTRY, SECOND)
    tenant.scan_at(ENTRY)
    subscriber.sees(0, "BUY XAUUSD")
    subscriber.choose(ENTRY, SECOND, paused_until=SECOND + timedelta(hours=2))
    tenant.live(SECOND + timedelta(minutes=15))

    subscriber.sees(2, "BUY XAUUSD closed: stopped at the entry")
    expect(subscriber.messages()).to_have_count(3)
    assert tenant.signals("state, reason") == [("closed", ""), ("unpublished", "paused")]


def test_after_an_hour_without_the_tick_nothing_stale_is_posted(subscriber: Subscriber) -> None:
    """The first bar's signal is not told an hour later; one that was open is told its end, not the way there."""
    tenant = subscriber.tenant  # noqa: F811
    tenant.scan_at(ENTRY + timedelta(minutes=75))
    assert tenant.fates()[ENTRY] == "stale"
    expect(subscriber.messages()).to_have_count(0)

    subscriber.choose(SECOND)
    tenant.scan_at(SECOND)
    subscriber.sees(0, "BUY XAUUSD", "ENTRY ")
    tenant.scan_at(SECOND + timedelta(minutes=75))
    tenant.track_at(SECOND + timedelta(minutes=76))
    texts = tenant.texts()
    assert not [text for text in texts[1:] if "of the way" in text]
    expect(subscriber.messages()).to_have_count(len(texts), timeout=SEEN_MS)
    assert [text for text in texts if "ENTRY" in text] == texts[:1]
