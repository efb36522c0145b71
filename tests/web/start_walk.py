"""The way from signing up to the first picture in a channel, as somebody with a mouse goes it; clicks are counted."""

from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import look_now

# In Telegram: “Create” for the bot; the channel and “Add as admin” for the channel.
TAPS_FOR_A_BOT, TAPS_FOR_A_CHANNEL = 1, 2
# One call of the simulator's control API: ask(method, path, **body).
Ask = Callable[..., dict]


def make_bot(telegram: Ask, link: str, user: int) -> dict:
    """The second tap: the bot is made as the address suggests."""
    _, kind, manager, username = urlsplit(link).path.split("/")
    assert kind == "newbot"
    [hub] = [each for each in telegram("GET", "/bots") if each["username"] == manager]
    return telegram("POST", "/newbot", manager=hub["id"], user=user, username=username, name="Golden codes")


def let_post(telegram: Ask, channel: dict, bot: dict) -> None:
    """What “Add as admin” does."""
    telegram("POST", "/chats/bot", chat=channel["id"], bot=bot["id"], can_post_messages=True, can_edit_messages=True)


class Walk:
    """`page` is a stranger's, who has just signed in; `reopen` closes the tab and gives a new one, at each step."""

    def __init__(self, page: Page, telegram: Ask, channel: dict, reopen: Callable[[Page], Page]) -> None:
        self.page, self.clicks = page, 0
        self._telegram, self._channel, self._reopen = telegram, channel, reopen

    def to_the_picture(self) -> Page:
        """All of it; the last page."""
        self.page.get_by_label("Name").fill("Golden Stranger")
        self._click(self.page.get_by_role("button", name="Create workspace"))
        self._click(self.page.get_by_role("link", name="Go on"))
        bot = self._with_two_taps()
        self._connect_a_channel(bot)
        self._click(self.page.get_by_role("button", name="Use codes of my own"))
        self._stop_at(self.page.get_by_label("Support e-mail"))
        self.page.get_by_label("Support e-mail").fill("help@example.com")
        self._click(self.page.get_by_role("button", name="Save"))
        self._stop_at(self.page.get_by_role("radio").first)
        self._click(self.page.get_by_role("button", name="Make the template"))
        self._stop_at(self.page.get_by_text("Template “First coupon”"))
        self._click(self.page.get_by_role("button", name="Post it"))
        self._stop_at(self.page.get_by_role("heading", name="Your workspace is set up"))
        return self.page

    def _with_two_taps(self) -> dict:
        self._stop_at(self.page.get_by_role("link", name="Make my bot in Telegram"))
        maker = self.page.get_by_role("link", name="Make my bot in Telegram")
        expect(maker).to_be_visible()
        link = maker.get_attribute("href")
        self._leave_for_telegram("Make my bot in Telegram")
        bot = make_bot(self._telegram, link, self._channel["owner"])
        self.clicks += TAPS_FOR_A_BOT
        look_now(self.page)
        self._stop_at(self.page.get_by_text(f"@{bot['username']} answers"))
        return bot

    def _connect_a_channel(self, bot: dict) -> None:
        self._leave_for_telegram("Connect a channel in Telegram")
        let_post(self._telegram, self._channel, bot)
        self.clicks += TAPS_FOR_A_CHANNEL
        look_now(self.page)
        self._stop_at(self.page.get_by_text(f"@{bot['username']} may post"))

    def _leave_for_telegram(self, link: str) -> None:
        with self.page.context.expect_page() as opened:
            self._click(self.page.get_by_role("link", name=link))
        opened.value.close()

    def _click(self, control: Locator) -> None:
        expect(control).to_be_visible()
        control.click()
        self.clicks += 1

    def _stop_at(self, shown: Locator) -> None:
        """Once the step is done, as the page shows."""
        expect(shown).to_be_visible()
        self.page = self._reopen(self.page)
