"""Beside the signals: result cards, charts, the morning's briefing, and one signal a day for everybody."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image

from promostack.app.forex_news import News
from promostack.core.errors import Unavailable
from promostack.db.uow import unit_of_work
from promostack.publishing.errors import ObjectMissing
from promostack.signals.errors import NobodyToShow, SignalsNotSetUp
from promostack.signals.telling import chosen, due, promoting
from promostack.signals.telling.chosen import Telling
from promostack.signals.telling.drawing import Pictures
from promostack.telegram import channels
from tests.integration.signals.conftest import _vendor_server, client, vendor  # noqa: F401  # fixtures
from tests.integration.signals.conftest import market as market_fixture  # noqa: F401
from tests.integration.telegram.conftest import RIGHTS, MemoryStore
from tests.integration.telegram.test_signals import ENTRY, Tenant, tenant  # noqa: F401

CLOSED = ENTRY + timedelta(minutes=80)
MORNING = datetime(2024, 3, 6, 6, 20, 30, tzinfo=UTC)


class Bucket:
    """The public bucket, which may be away."""

    def __init__(self, objects: MemoryStore) -> None:
        self.objects, self.is_away = objects, False

    def put(self, key: str, data: bytes, *, media_type: str, immutable: bool = True) -> None:
        if self.is_away:
            raise Unavailable("the store is away")
        self.objects.objects[key] = data

    def get(self, key: str) -> bytes:
        if key not in self.objects.objects:
            raise ObjectMissing("it is gone")
        return self.objects.objects[key]

    def url(self, key: str) -> str:
        return f"https://cdn.example.com/{key}"


@pytest.fixture
def bucket(store: MemoryStore) -> Bucket:
    return Bucket(store)


@pytest.fixture
def news(bucket: Bucket) -> News:
    return News(Pictures(bucket))


def tell(tenant: Tenant, news: News, at: datetime) -> dict:  # noqa: F811
    tenant.forget_waits()
    tenant.clock.stand_at(at)
    return tenant.forex.recap(news, 30)


def photos(tenant: Tenant) -> list[dict]:  # noqa: F811
    return [each for each in tenant.house.in_channel() if "photo" in each]


def sizes(bucket: Bucket) -> list[tuple[int, int]]:
    made = [data for key, data in bucket.objects.objects.items() if key.startswith("signals/")]
    return [Image.open(io.BytesIO(data)).size for data in made]


def test_a_closed_signal_gets_its_card_once_and_the_recap_its_chart(tenant, news, bucket):  # noqa: F811
    tenant.choose()
    tenant.live(CLOSED)
    assert due.has_news(CLOSED)
    tell(tenant, news, CLOSED + timedelta(minutes=1))
    tell(tenant, news, CLOSED + timedelta(minutes=2))

    (card,) = photos(tenant)
    assert card["caption"].startswith("BUY XAUUSD: stopped at the entry\nNet +")
    assert card["reply_to_message"]["text"].startswith("BUY XAUUSD")
    assert not due.has_news(CLOSED + timedelta(minutes=3))

    tell(tenant, news, MORNING + timedelta(minutes=10))
    tell(tenant, news, MORNING + timedelta(minutes=25))
    _, recap = photos(tenant)
    assert recap["caption"].startswith("Day: 05 Mar 2024\nSignals closed: 1\nNet: +")
    assert f"Record ends in {tenant.rows()[-1].hash}" in recap["caption"]
    assert sizes(bucket) == [(1080, 1080), (1080, 810)]


@pytest.mark.long
def test_without_the_store_the_recap_comes_in_words_and_the_card_when_it_is_back(tenant, news, bucket):  # noqa: F811
    tenant.choose()
    tenant.live(CLOSED)
    bucket.is_away = True
    tell(tenant, news, CLOSED + timedelta(minutes=1))
    assert photos(tenant) == []
    bucket.is_away = False
    tell(tenant, news, CLOSED + timedelta(minutes=20))
    assert len(photos(tenant)) == 1

    bucket.is_away = True
    tell(tenant, news, MORNING + timedelta(minutes=10))
    assert "Signals closed: 1" in tenant.texts()[-1]
    assert len(photos(tenant)) == 1


@pytest.mark.long
def test_a_card_that_could_not_be_made_for_hours_is_left_out(tenant, news):  # noqa: F811
    tenant.choose()
    tenant.live(CLOSED)
    tell(tenant, news, CLOSED + timedelta(hours=3))

    assert photos(tenant) == []


def test_the_briefing_comes_once_on_the_days_that_gold_trades(tenant, news):  # noqa: F811
    tenant.choose()
    tenant.scan_at(MORNING - timedelta(minutes=5))
    for minutes in (-1, 0, 0, 30):
        tell(tenant, news, MORNING + timedelta(minutes=minutes))

    told = [text for text in tenant.texts() if text.startswith("Morning briefing")]
    assert len(told) == 1
    lines = told[0].splitlines()
    assert lines[0] == "Morning briefing, Wed 06 Mar 2024"
    assert [line.split(" ")[0] for line in lines[1:6]] == ["Asian", "Pivot", "Resistance", "Support", "Range"]
    assert "BUY" not in told[0]
    with unit_of_work(tenant.id) as tx:
        chosen.save(tx, tenant.id, Telling(briefs=False))
    tell(tenant, news, MORNING + timedelta(days=1))
    tell(tenant, news, MORNING + timedelta(days=3))
    assert len([text for text in tenant.texts() if text.startswith("Morning briefing")]) == 1


class Free:
    """A second channel of the same bot, for those who have not paid."""

    def __init__(self, tenant: Tenant) -> None:  # noqa: F811
        house = tenant.house
        members = {"type": "channel", "title": "Zinc free", "username": f"f{house.username}"[:30]}
        chat_id = house.simulator.ask("POST", "/chats", **members, members=[house.user])["id"]
        self.house = replace(house, chat_id=chat_id)
        assert self.house.place(**RIGHTS) == "done"
        with unit_of_work(tenant.id) as tx:
            (self.id,) = [each.id for each in channels.list_channels(tx, tenant.id) if each.title == "Zinc free"]
            chosen.save(tx, tenant.id, Telling(free_channel_id=self.id))

    def texts(self) -> list[str]:
        return [each["text"] for each in self.house.in_channel() if "text" in each]


def two_signals(tenant: Tenant) -> None:  # noqa: F811
    """The second one an hour and three quarters after the first."""
    second = ENTRY + timedelta(minutes=105)
    tenant.choose(params={"buys": [ENTRY.isoformat(), second.isoformat()]})


def test_the_days_first_signal_is_shown_to_everybody_and_so_is_its_end(tenant, news):  # noqa: F811
    two_signals(tenant)
    free = Free(tenant)
    tenant.scan_at(ENTRY)
    assert due.has_news(ENTRY + timedelta(minutes=1))
    for minutes in (1, 2):
        tell(tenant, news, ENTRY + timedelta(minutes=minutes))

    (shown,) = free.texts()
    assert shown.startswith("The day's signal for everybody\nChosen when it was published")
    assert "BUY XAUUSD\nENTRY " in shown
    tenant.clock.stand_at(ENTRY)
    tenant.live(ENTRY + timedelta(minutes=110))
    tell(tenant, news, ENTRY + timedelta(minutes=111))
    tell(tenant, news, ENTRY + timedelta(minutes=112))
    assert len(tenant.signals()) == 2
    _, end = free.texts()
    assert end.startswith("BUY XAUUSD closed: stopped at the entry")
    assert free.house.in_channel()[-1]["reply_to_message"]["text"] == shown
    with unit_of_work(tenant.id) as tx:
        (promotion,) = promoting.list_promotions(tx, tenant.id)
    assert promotion.sending == "sent"
    assert promotion.ended_at is not None


@pytest.mark.parametrize(
    "telling",
    [
        {"promote_days": (1, 3, 4, 5)},
        {"promote_from": 11},
        {"promote_to": 10},
        {"free_channel_id": None},
    ],
    ids=["not on that day", "too early", "too late", "no channel"],
)
def test_outside_the_tenants_hours_nothing_is_shown(tenant, news, telling):  # noqa: F811
    tenant.choose()
    free = Free(tenant)
    with unit_of_work(tenant.id) as tx:
        chosen.save(tx, tenant.id, replace(Telling(free_channel_id=free.id), **telling))
    tenant.scan_at(ENTRY)
    tell(tenant, news, ENTRY + timedelta(minutes=1))

    assert free.texts() == []


def test_a_win_is_never_picked_afterwards(tenant, news):  # noqa: F811
    """The first one was not shown in time; neither it nor a later one takes the day's place."""
    two_signals(tenant)
    free = Free(tenant)
    tenant.live(ENTRY + timedelta(minutes=106))
    tell(tenant, news, ENTRY + timedelta(minutes=107))

    assert len(tenant.signals()) == 2
    assert free.texts() == []


def test_a_preview_of_what_everybody_would_see_goes_to_the_owner_alone(tenant):  # noqa: F811
    tenant.choose()
    with unit_of_work(tenant.id) as tx, pytest.raises(SignalsNotSetUp):
        promoting.preview(tx, tenant.id, key="k0", lease="l")
    free = Free(tenant)
    tenant.scan_at(ENTRY)
    with unit_of_work(tenant.id) as tx:
        text, rows = promoting.preview(tx, tenant.id, key="k1", lease="l")

    assert text.startswith("<b>Preview</b>")
    assert [row.chat_id for row in rows] == [tenant.house.user]
    assert free.texts() == []
    tenant.house.database.query("DELETE FROM conversations WHERE bot_id = %s", tenant.house.bot.id)
    with unit_of_work(tenant.id) as tx, pytest.raises(NobodyToShow):
        promoting.preview(tx, tenant.id, key="k2", lease="l")
