"""Signals on dash with the whole product behind it: listed, looked at one by one, chosen, previewed, paused."""

import base64
import json
import re
import urllib.request

import pytest
from playwright.sync_api import expect

from tests.conftest import Stack
from tests.functions.test_channel import Promoter
from tests.web.conftest import DESKTOP, PHONE, problems_in_both_palettes, scrolls_sideways
from tests.web.signed_in import People, refusal

SIGNALS, STRATEGIES, BACKTESTS = "#/signals/all", "#/signals/strategies", "#/signals/backtests"
OWNER, MEMBER = "user_demo_owner", "user_demo_member"
DESK = "**/client/signals/desk"


def test_signals_are_listed_filtered_and_each_has_its_candles_and_timeline(people: People) -> None:
    page = people.enter(OWNER, SIGNALS)
    rows = page.locator("ps-table tbody tr")
    expect(rows.first).to_be_visible()
    expect(page.get_by_text("Net result this month")).to_be_visible()
    assert problems_in_both_palettes(page) == []
    page.get_by_label("What became of it").select_option("Stopped out")
    expect(page).to_have_url(re.compile("became=stopped"))
    expect(rows.filter(has_not_text="Stopped out")).to_have_count(0)
    rows.first.get_by_role("link").click()

    expect(page.get_by_role("heading", name="What happened")).to_be_visible()
    expect(page.get_by_text("Closed: stopped out")).to_be_visible()
    chart = page.get_by_role("img", name=re.compile("^Candles around (BUY|SELL) XAUUSD"))
    chart.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_text(re.compile(r"UTC · open .* close [\d,.]+"))).to_be_visible()
    assert re.fullmatch("[0-9a-f]{64}", page.locator(".hash").first.inner_text())
    assert problems_in_both_palettes(page) == []
    page.set_viewport_size(PHONE)
    assert not scrolls_sideways(page)


def test_a_strategy_is_chosen_within_its_bounds_previewed_paused_and_switched_off(people: People, stack: Stack) -> None:
    promoter, channel = placed(people, stack)
    page = people.enter(OWNER, STRATEGIES)
    page.get_by_role("button", name=re.compile("Choose a channel|Change…")).click()
    dialog = page.get_by_role("dialog", name="Where and when signals are posted")
    dialog.get_by_label("Channel").select_option(channel)
    dialog.get_by_label("Loss cap of a day, pips").fill("0")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("greater than or equal to 1")).to_be_visible()
    dialog.get_by_label("Loss cap of a day, pips").fill("40")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_text("40 pips")).to_be_visible()

    page.get_by_role("button", name="Activate Aggressive").click()
    dialog = page.get_by_role("dialog", name="Activate Aggressive")
    dialog.get_by_label("RSI below").fill("99")
    dialog.get_by_label("Closed at each target, %").fill("50/30/30")
    dialog.get_by_role("button", name="Activate").click()
    expect(dialog.get_by_text("must be a number from 5 to 50", exact=True)).to_be_visible()
    expect(dialog.get_by_text("the shares make 100, not 110", exact=True)).to_be_visible()
    dialog.get_by_label("RSI below").fill("38")
    dialog.get_by_label("Closed at each target, %").fill("60/20/20")
    dialog.get_by_role("button", name="Activate").click()
    run = page.get_by_role("region", name="What runs")
    expect(run.get_by_text("On", exact=True)).to_be_visible()
    desk = people.api(OWNER, "GET", "client/signals/desk")["settings"]
    assert (desk["strategy"], desk["params"]["rsi"], desk["params"]["split"]) == ("aggressive", 38, [60, 20, 20])

    page.get_by_role("button", name="Preview in my chat: Aggressive").click()
    expect(page.get_by_text(re.compile("The preview is (in|on its way to) your chat"))).to_be_visible()
    promoter.last("Preview, no signal")
    run.get_by_role("button", name="Pause…").click()
    page.get_by_role("dialog", name="Pause signals").get_by_role("button", name="Pause", exact=True).click()
    expect(run.get_by_text("Paused", exact=True)).to_be_visible()
    assert problems_in_both_palettes(page) == []
    run.get_by_role("button", name="Go on now").click()
    expect(run.get_by_text("On", exact=True)).to_be_visible()
    run.get_by_role("button", name="Switch off…").click()
    page.get_by_role("dialog", name="Switch signals off?").get_by_role("button", name="Switch off").click()
    expect(run.get_by_text("Off", exact=True)).to_be_visible()
    page.set_viewport_size(PHONE)
    assert not scrolls_sideways(page)


def test_who_may_not_choose_sees_why_and_a_failure_can_be_tried_again(people: People) -> None:
    page = people.enter(MEMBER, STRATEGIES)
    expect(page.get_by_text("You can look, but not choose.")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Activate|Preview"))).to_have_count(0)
    page.route(DESK, lambda route: route.fulfill(**refusal(503, "unavailable", "Not now.")))
    page.goto(page.url.replace(STRATEGIES, SIGNALS))
    expect(page.get_by_role("heading", name="The signals could not be loaded")).to_be_visible()
    page.unroute(DESK)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("Net result this month")).to_be_visible()


def test_the_public_record_says_how_many_what_was_earned_and_how_to_check_it(stack: Stack, open_page) -> None:
    page = open_page(f"{stack.base}/record/?tenant=demo")
    expect(page.get_by_role("heading", name="Gold signals of Northwind")).to_be_visible()
    told = json.loads(urllib.request.urlopen(f"{stack.base}/api/public/track-record?tenant=demo").read())
    lead = page.locator(".record-lead").first
    expect(lead).to_contain_text(f"{told['statistics']['n']} signals closed from")
    expect(lead).to_contain_text("95 % interval")
    for label in ("Expectancy", "Profit factor", "First target reached", "Deepest drawdown", "Read against us"):
        expect(page.get_by_text(label, exact=True).first).to_be_visible()
    chance = page.locator(".versus").get_by_role("row", name="Count").get_by_role("cell").last
    expect(chance).to_have_text(str(told["random_entries"]["n"]))
    assert problems_in_both_palettes(page) == []
    page.set_viewport_size(PHONE)
    assert not scrolls_sideways(page), "with the longest words that a plan can end in"
    page.locator("ps-table").get_by_role("button", name="Published").click()
    page.locator("ps-table").get_by_role("button", name=re.compile("^(BUY|SELL) XAUUSD$")).first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text(re.compile("^(BUY|SELL) XAUUSD\\nENTRY")).first).to_be_visible()
    page.keyboard.press("Escape")

    command = page.locator(".command").inner_text()
    address = re.search('curl "([^"]+)"', command)[1]
    with urllib.request.urlopen(address) as answer:
        rows = answer.read().decode().splitlines()
    assert len(rows) == told["rows"]
    assert json.loads(rows[-1])["hash"] == told["public_head"]
    assert told["public_head"] in command

    empty = open_page(f"{stack.base}/record/?tenant=northwind")
    expect(empty.get_by_role("heading", name="No signal has ended yet")).to_be_visible()
    nobody = open_page(f"{stack.base}/record/?tenant=nobody-at-all")
    expect(nobody.get_by_role("heading", name="There is no such workspace")).to_be_visible()


def work_backtest(stack: Stack) -> None:
    """As the tick starts it; returns when it has ended."""
    running = json.loads((stack.data_dir / "run.json").read_text())
    credentials = base64.b64encode(running["values"]["FUNCTIONS_ACCESS_KEY"].encode()).decode()
    url = f"{running['url']}/api/v1/namespaces/_/actions/work/backtest?blocking=true&result=true"
    headers = {"Authorization": f"Basic {credentials}", "Content-Type": "application/json"}
    request = urllib.request.Request(url, b"{}", headers, method="POST")
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert json.load(answer)["ok"]


def placed(people: People, stack: Stack) -> tuple[Promoter, str]:
    """A person who has connected a channel, and the channel's id."""
    promoter = Promoter(stack)
    promoter.wait_for(1)
    promoter.place(can_post_messages=True, can_edit_messages=True)
    promoter.last("is connected")
    listed = people.api(OWNER, "GET", "client/posts/channels")["items"]
    channel = next(each["id"] for each in listed if each["username"] == promoter.name)
    return promoter, channel


def connect(people: People, stack: Stack) -> Promoter:
    """A person whose channel posts the demo workspace's signals."""
    promoter, channel = placed(people, stack)
    people.api(OWNER, "PUT", "client/signals/settings", {"channel": channel})
    return promoter


@pytest.mark.long
def test_rules_of_ones_own_are_put_together_tried_previewed_and_begin(people: People, stack: Stack) -> None:
    promoter = connect(people, stack)
    page = people.enter(OWNER, STRATEGIES)
    card = page.get_by_role("region", name="Custom")
    expect(card.get_by_role("button", name="Activate Custom")).to_be_disabled()
    card.get_by_role("button", name="Build rules").click()
    dialog = page.get_by_role("dialog", name="Rules of Custom")
    every = dialog.get_by_role("group", name="All of these")
    expect(every.get_by_role("listitem")).to_have_count(2)
    every.get_by_label("RSI14 below").fill("3")
    every.get_by_role("button", name="Add a condition").click()
    last = every.get_by_role("listitem").nth(2)
    last.get_by_label("Condition 3", exact=True).select_option("Within hours")
    last.get_by_label("From, UTC").fill("6")
    every.get_by_role("button", name="Take away condition 1").click()
    expect(every.get_by_role("listitem")).to_have_count(2)
    dialog.get_by_label("Closed at each target, %").fill("50/50/10")
    dialog.get_by_role("button", name="Try on stored bars").click()
    expect(every.get_by_text("must be a number from 5 to 95", exact=True)).to_be_visible()
    expect(dialog.get_by_text("the shares make 100, not 110", exact=True)).to_be_visible()
    assert problems_in_both_palettes(page) == []
    page.set_viewport_size(PHONE)
    assert not scrolls_sideways(page)
    page.set_viewport_size(DESKTOP)
    every.get_by_label("RSI14 below").fill("45")
    dialog.get_by_label("Closed at each target, %").fill("50/30/20")
    dialog.get_by_role("button", name="Try on stored bars").click()

    expect(page.get_by_text(re.compile("Waits for its turn|Is being made"))).to_be_visible()
    work_backtest(stack)
    page.reload()
    expect(page.get_by_role("heading", name="Net result so far, in R")).to_be_visible()
    page.get_by_role("link", name="To activate these rules").click()
    expect(card.get_by_text("Your rules were tried on")).to_be_visible()
    page.get_by_role("button", name="Preview in my chat: Custom").click()
    promoter.last("Preview, no signal")
    card.get_by_role("button", name="Activate Custom").click()
    expect(page.get_by_role("region", name="What runs").get_by_role("heading", name="Custom")).to_be_visible()
    desk = people.api(OWNER, "GET", "client/signals/desk")["settings"]
    assert (desk["strategy"], desk["params"]["rules"]["all_of"]) == ("custom", [
        {"kind": "stretched", "level": 45}, {"kind": "in_hours", "start": 6, "end": 17},
    ])  # fmt: skip
    page.set_viewport_size(PHONE)
    assert not scrolls_sideways(page)
    people.api(OWNER, "PUT", "client/signals/strategy", {"strategy": None})


def test_a_backtest_is_asked_for_and_stands_beside_live_and_chance(people: People, stack: Stack) -> None:
    page = people.enter(OWNER, BACKTESTS)
    page.get_by_role("button", name="Try a strategy").click()
    dialog = page.get_by_role("dialog", name="Try a strategy on stored bars")
    dialog.get_by_label("Strategy").select_option("Aggressive")
    dialog.get_by_label("Which bars").select_option("The last four weeks")
    dialog.get_by_label("Spread, USD").fill("a lot")
    dialog.get_by_role("button", name="Try it").click()
    expect(dialog.get_by_text("An amount from 0 to 10, like 0.20.")).to_be_visible()
    dialog.get_by_label("Spread, USD").fill("0,30")
    dialog.get_by_role("button", name="Try it").click()
    expect(page.get_by_text("Waits for its turn").or_(page.get_by_text("Is being made"))).to_be_visible()
    expect(page.get_by_role("button", name="Try a strategy")).to_be_disabled()

    work_backtest(stack)
    page.reload()
    expect(page.get_by_role("heading", name="Net result so far, in R")).to_be_visible()
    told = people.api(OWNER, "GET", "client/signals/backtests")["items"][0]
    report = people.api(OWNER, "GET", f"client/signals/backtests/{told['id']}")["report"]
    assert (told["state"], told["spread"], report["statistics"]["n"] > 5) == ("done", "0.3", True)
    count = page.locator(".versus").get_by_role("row", name="Count").get_by_role("cell")
    expect(count.first).to_have_text(str(report["statistics"]["n"]))
    expect(count.last).to_have_text(str(report["random_entries"]["n"]))
    assert problems_in_both_palettes(page) == []
    page.set_viewport_size(PHONE)
    assert not scrolls_sideways(page)

    page = people.enter(MEMBER, BACKTESTS)
    expect(page.get_by_role("heading", name="Net result so far, in R")).to_be_visible()
    expect(page.get_by_role("button", name="Try a strategy")).to_have_count(0)
