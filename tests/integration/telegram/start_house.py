"""Somebody who sets a workspace up and does what the page says is next; the function can be stopped at any point of it.

A bot is made with two taps and codes are the workspace's own, all the way to the picture; or a token is pasted and
Stripe connected, as far as those two steps go.
"""

from dataclasses import dataclass, field
from urllib.parse import urlsplit
from uuid import uuid4

import requests

from promostack.app import services
from promostack.core import crypto, ids
from promostack.core.errors import PromoError
from promostack.db import connection
from promostack.integrations import telegram_bot
from promostack.onboarding import progress
from promostack.tenants import secrets
from tests.integration.killing import Killed, Life, Lives
from tests.integration.people import Person
from tests.integration.telegram.crash_house import pass_time

PROGRESS, BOTS, MANAGED = "client/onboarding", "client/connections/bots", "client/connections/managed"
CHANNELS, VENDORS = "client/connections/channels", "client/vendors"
SCOPES = ["promotion_code_read", "coupon_read", "product_read", "plan_read", "account_read"]
OF_BOTS = (secrets.BOT_TOKEN, secrets.BOT_WEBHOOK_SECRET)
# Nobody is stopped more than once in a step, and what was stopped half-way is one more thing to do.
MOST_TRIES = 30


def tap(simulator, maker: dict, link: str) -> dict:
    """The second tap: the bot is made as the address suggests."""
    path = urlsplit(link).path.split("/")
    assert path[1:3] == ["newbot", maker["hub"]["username"]]
    person = {"manager": maker["hub"]["id"], "user": maker["user"]["id"]}
    return simulator.ask("POST", "/newbot", **person, username=path[3], name="Golden codes")


@dataclass
class Newcomer:
    """`with_taps`: the first of the two ways. `shown` is what the page shows now.

    `half_done` fills with what a stop left that must never be.
    """

    database: object
    simulator: object
    control: object
    maker: dict
    lives: Lives
    person: Person
    with_taps: bool
    tenant_id: str = ""
    shown: dict = field(default_factory=dict)
    bot: dict = field(default_factory=dict)
    channel: dict = field(default_factory=dict)
    stops: int = 0
    may_repeat: bool = False
    half_done: list[str] = field(default_factory=list)

    def begin(self) -> None:
        """What is there before he comes: his channel, his key at Stripe, his bot when he does not make it here."""
        name, members = f"c{uuid4().hex[:10]}", [self.maker["user"]["id"]]
        self.channel = self.simulator.ask("POST", "/chats", type="channel", title="Gold", username=name,
                                          members=members)  # fmt: skip
        self.key = f"rk_live_{uuid4().hex}"
        self.control("stripe", "PUT", f"keys/{self.key}", {"scopes": SCOPES})
        if not self.with_taps:
            self.bot = self.simulator.ask("POST", "/bots", username=f"b{uuid4().hex[:10]}_bot", first_name="Gold")

    def set_up(self, stops: dict[str, int]) -> dict[str, int]:
        """Goes on until nothing is missing; `stops` says at which point of a step the function is stopped.

        Returns how many points each step has, for those that were not stopped.
        """
        points: dict[str, int] = {}
        for _ in range(MOST_TRIES):
            do = self._next()
            if do is None:
                return points
            points[do] = self.attempt(do, getattr(self, f"_{do}"), stops.pop(do, None))
        raise AssertionError(f"no end: {do} is still missing")

    def attempt(self, what: str, act, ends_at: int | None) -> int:
        """Does it, stopped at that point; how many points were passed."""
        life = self.lives.now = Life(ends_at)
        try:
            act()
        except Killed:
            self.stops += 1
            connection.discard()
        self.lives.now = Life()
        if life.is_over:
            self.half_done += [f"stopped at {ends_at} of {what}: {each}" for each in self._look_around()]
            pass_time(self.database)
            services.sender().drain(ids.opaque_id(), seconds=10)
        return life.passed

    def _next(self) -> str | None:
        if not self.tenant_id:
            return "sign_up"
        self.shown = self.call("GET", PROGRESS)
        do = self.shown["next"] and self.shown["next"]["do"]
        return None if do == "fill_business" and not self.with_taps else do

    def call(self, method: str, route: str, body: object = None, *, but: tuple[str, ...] = ()) -> dict:
        """The answer; `but`: refusals that tell him that it is done already."""
        answer = self.person.caller.call(method, route, body)
        assert answer.status < 400 or answer.error in but, (method, route, answer.body)
        return answer.json

    def _sign_up(self) -> None:
        slug = self.call("POST", "client/session/tenant", {"name": "Golden Hour"})["tenant"]["slug"]
        [(self.tenant_id,)] = self.database.query("SELECT tenant_id::text FROM tenants WHERE slug = %s", slug)

    def _connect_bot(self) -> None:
        if not self.with_taps:
            self.call("POST", BOTS, {"token": self.bot["token"]})
            return
        link = self.call("GET", MANAGED)["link"]
        self.bot = self.bot or tap(self.simulator, self.maker, link)
        assert self.call("POST", MANAGED)["bot"]

    def _mend_bot(self) -> None:
        [bot] = self.shown["telegram"]["bots"]
        self.call("POST", f"client/bots/{bot['id']}/webhook")

    def _connect_channel(self) -> None:
        self.simulator.ask("POST", "/chats/bot", chat=self.channel["id"], bot=self.bot["id"], can_post_messages=True)
        [bot] = self.shown["telegram"]["bots"]
        self.call("POST", CHANNELS, {"bot": bot["id"], "channel": f"@{self.channel['username']}"})

    def _choose_codes(self) -> None:
        if not self.with_taps:
            self.call("PUT", f"{VENDORS}/stripe", {"key": self.key})
        place = "local" if self.with_taps else "stripe"
        self.call("PUT", "client/coupons/providers", {"providers": [place]})

    def _fill_business(self) -> None:
        self.call("PUT", "client/settings", {"support_email": "help@example.com", "zone": "Europe/Berlin"})

    def _make_template(self) -> None:
        self.call("POST", f"{PROGRESS}/template", {"background": "#0B1739", "accent": "#8B7BFF"})

    def _post(self) -> None:
        """With an id of its own each time, as a page that was closed and opened again."""
        self.call("POST", "client/coupons", {"code": "WELCOME-10"}, but=("code_exists",))
        order = {"channel": self.shown["telegram"]["channels"][0]["id"], "template": "first-coupon", "format": "square",
                 "code": "WELCOME-10"}  # fmt: skip
        caption = self.call("POST", "client/posts/preview", {**order, "caption": None})["caption"]
        post = {**order, "caption": caption, "id": str(uuid4()), "again": self.may_repeat}
        told = self.call("POST", "client/posts", post, but=("posted_before",))
        # He looks into the channel and ticks “Post it once more”.
        self.may_repeat = "error" in told

    def _look_around(self) -> list[str]:
        """What no stop may leave: a bot half kept, or a webhook whose secret is not ours."""
        if not self.tenant_id:
            return []
        problems = []
        rows = self.database.query(
            "SELECT id::text, public_id, state, webhook_secret_hash, checked_at IS NOT NULL FROM bots"
            " WHERE tenant_id = %s", self.tenant_id,
        )  # fmt: skip
        for bot_id, public_id, state, kept_hash, is_checked in rows:
            kept = [self._secret(each, bot_id) for each in OF_BOTS]
            at_telegram = self._at_telegram()
            is_hooked = at_telegram["webhook"]["url"].endswith(f"/{public_id}")
            if state == "disconnected" and (any(kept) or is_hooked):
                problems.append("a bot that is gone has secrets or a webhook")
            if state != "disconnected" and not all(kept):
                problems.append("a bot is kept without its secrets")
            if is_hooked and kept[1] != at_telegram["webhook"]["secret_token"]:
                problems.append("Telegram has a secret that is not ours")
            if is_hooked and kept_hash != crypto.hash_token(at_telegram["webhook"]["secret_token"]):
                problems.append("what Telegram hands in would be refused")
            if is_checked and state == "active" and not (is_hooked and at_telegram["commands"]):
                problems.append("a bot counts as ready that Telegram has not taken")
        if self.bot and not rows and self._at_telegram()["webhook"]["url"]:
            problems.append("a webhook is set for nobody's bot")
        return problems

    def _at_telegram(self) -> dict:
        return next(each for each in self.simulator.look("/bots") if each["id"] == self.bot["id"])

    def _secret(self, purpose: secrets.Purpose, subject: str) -> str | None:
        try:
            return secrets.read(self.tenant_id, purpose, subject)
        except PromoError:
            return None

    def end_state(self) -> dict[str, object]:
        """All that outlasts the set-up, without ids that are made anew each time."""
        bot = self._at_telegram()
        found = progress.read(self.tenant_id)
        picture = found.later.post.object_key if found.later.post else ""
        described = [
            telegram_bot.call(bot["token"], "getMyDescription", {"language_code": each}).description
            for each in ("", "de")
        ]
        return {
            "steps": [step.state for step in found.steps],
            "tenants": self.rows("SELECT count(*) FROM tenants WHERE provisioned_for ="
                                  " (SELECT provisioned_for FROM tenants WHERE tenant_id = %s)"),
            "tenant": self.rows("SELECT name, state, settings::text FROM tenants WHERE tenant_id = %s"),
            "people": self.rows("SELECT role, count(*) FROM memberships WHERE tenant_id = %s GROUP BY 1"),
            "bots": self.rows("SELECT state, check_problem FROM bots WHERE tenant_id = %s"),
            "at Telegram": [bot["webhook"]["url"] != "", bot["commands"], described],
            "channels": self.rows("SELECT title, broken FROM channels WHERE tenant_id = %s"),
            "secrets": self.rows("SELECT purpose, count(*) FROM secrets WHERE tenant_id = %s GROUP BY 1 ORDER BY 1"),
            "looks": self.rows("SELECT vendor, problem, account FROM vendor_checks WHERE tenant_id = %s ORDER BY 1"),
            "codes": self.rows("SELECT code FROM local_codes WHERE tenant_id = %s"),
            "templates": self.rows("SELECT slug, published_number FROM templates WHERE tenant_id = %s"),
            "versions": self.rows("SELECT number FROM template_versions WHERE tenant_id = %s"),
            "picture": picture and requests.get(services.renders()._store.url(picture), timeout=5).status_code,
            "in the channel": self._posts(),
            # Who finishes a bot that was stopped half-way is written down, too.
            "said": {row[0] for row in self.rows("SELECT action FROM audit_log WHERE tenant_id = %s")}
            - {"bot.webhook_set"},
        }  # fmt: skip

    def rows(self, query: str) -> list[tuple]:
        return self.database.query(query, self.tenant_id)

    def _posts(self) -> int:
        """Pictures in the channel, less those whose call was in the air when its process was stopped, but for one."""
        unknown = len(self.rows("SELECT 1 FROM outbox WHERE tenant_id = %s AND state = 'ambiguous'"))
        shown = len(self.simulator.look("/messages", chat=self.channel["id"])["messages"])
        return min(shown, max(shown - unknown, 1))
