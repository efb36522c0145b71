"""The process is stopped at every statement and every outside call of a conversation in turn; the end is the same.

Telegram's redelivery, the tick and the ends of leases come by a clock that the test drives. A call whose outcome
nobody knows is the one thing that may differ: an answer may then be there twice, a post in a channel not at all.
"""

import itertools
import random
from collections import Counter
from collections.abc import Iterable

import pytest

from promostack.publishing.gallery import Gallery
from tests.integration.killing import Life, Lives
from tests.integration.telegram.crash_house import Store, Talk

SETTINGS = '{"coupon_providers": [{"kind": "funderpro"}], "referral_link": "https://example.com/?promo={code}"}'
# How the person learns what became of his post: at once, or later when the process died before it could say.
CARDS = ("0:told", "0:unless-told")
SAMPLE, SEED = 4, 20261122


@pytest.fixture
def tenant_id(database) -> str:
    return database.add_tenant(settings=SETTINGS)


@pytest.fixture
def begin(database, simulator, bot, monkeypatch):
    """Begins a conversation of a new person with the same bot."""
    lives, objects = Lives(monkeypatch), {}
    for position, slug in enumerate(("plain", "bold")):
        store = Store(Life(), objects)
        Gallery(store=store, assets=store).publish(bot.tenant_id, _template(slug), position=position)

    def make() -> Talk:
        lives.now = Life()
        talk = Talk(database, simulator, lives, objects, bot)
        talk.begin()
        return talk

    return make


def test_a_process_that_dies_at_some_points_of_a_conversation_changes_nothing(begin) -> None:
    expected, points = _undisturbed(begin)
    rng = random.Random(SEED)
    deaths = [{step: rng.randrange(count) for step, count in points.items()} for _ in range(SAMPLE)]
    assert _differences(begin, expected, deaths) == []


@pytest.mark.long
def test_a_process_that_dies_at_any_point_of_a_conversation_changes_nothing(begin) -> None:
    expected, points = _undisturbed(begin)
    assert min(points.values()) > 20
    # One after the other, until no step is so long.
    every = (dict.fromkeys(points, point) for point in itertools.count())
    assert _differences(begin, expected, every) == []


def _undisturbed(begin) -> tuple[dict, dict[str, int]]:
    """The end without any death, and how many points each step has. The first talk of a bot uploads more."""
    for talk in (begin(), begin()):
        points = {step: talk.take(step, None) for step in talk.steps}
        expected = talk.end_state()
    assert all(state == "sent" or "unless-told" in key for key, _, _, state, _ in expected["outbox"])
    assert sum(expected["channel"].values()) == 1
    return expected, points


def _differences(begin, expected: dict, deaths: Iterable[dict[str, int]]) -> list[str]:
    """One conversation for each of `deaths`, which says at which point of a step the process dies, until none does."""
    found, died = [], 0
    for number, planned in enumerate(deaths):
        talk = begin()
        for step in talk.steps:
            talk.take(step, planned[step], tick_first=bool(number % 2))
        if talk.deaths == 0:
            break
        died += talk.deaths
        found += [f"{planned}: {each}" for each in _compare(expected, talk.end_state())]
    print(f"{died} deaths in {number + 1} conversations, {len(found)} of them with another end")
    return found


def _compare(expected: dict, seen: dict) -> list[str]:
    problems = [
        f"{name}: {seen[name]} instead of {expected[name]}"
        for name in ("updates", "events", "conversation")
        if seen[name] != expected[name]
    ]
    problems += _compare_outbox(expected["outbox"], seen["outbox"])
    unknown = sum(each[4] for each in seen["outbox"])
    is_post_unclear = any(kind == "post" and state == "ambiguous" for _, kind, _, state, _ in seen["outbox"])
    missing, extra = expected["chat"] - seen["chat"], seen["chat"] - expected["chat"]
    # The card about the post may be the later one, or tell that nobody knows.
    cards = Counter({text: count for text, count in missing.items() if "Posted in" in text})
    if missing - cards or sum(extra.values()) < sum(cards.values()):
        problems.append(f"missing in the chat: {missing}, there instead: {extra}")
    if sum(extra.values()) - sum(cards.values()) > unknown:
        problems.append(f"too much in the chat, with {unknown} calls unknown: {extra}")
    in_channel = sum(seen["channel"].values())
    if in_channel != 1 and not (is_post_unclear and in_channel == 0):
        problems.append(f"{in_channel} posts in the channel")
    return problems


def _compare_outbox(expected: list[tuple], seen: list[tuple]) -> list[str]:
    """The same rows in the same states; one of the two cards is sent, the other one never."""
    problems = []

    def plain(rows: list[tuple]) -> list[tuple]:
        return sorted(row[:3] for row in rows if "told" not in row[0])

    if plain(seen) != plain(expected):
        problems.append(f"rows {plain(seen)} instead of {plain(expected)}")
    for key, kind, method, state, _ in seen:
        is_right = state == "sent" or (kind == "post" and state == "ambiguous") or "unless-told" in key
        if not is_right:
            problems.append(f"{key} {method} is {state}")
    cards = [state for key, _, _, state, _ in seen if "told" in key]
    if sorted(cards) not in (["cancelled", "sent"], ["sent"]):
        problems.append(f"cards about the post: {cards}")
    return problems


def _template(slug: str) -> dict:
    ground = {"width": 120, "height": 80, "background": {"color": "#123456"}}
    frame = {"id": "frame", "type": "rect", "x": 4, "y": 4, "width": 112, "height": 72, "fill": "#FFFFFF"}
    formats = {"square": {**ground, "layers": [frame]}}
    return {"schema": 2, "slug": slug, "name": slug.title(), "fields": {}, "formats": formats}
