"""How a bot is doing: facts from the database, the latest look at Telegram, and the one next thing to do, in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from promostack.core import ids
from promostack.core.errors import NotFound
from promostack.db.sql import load
from promostack.db.uow import Transaction, unit_of_work
from promostack.delivery import reading
from promostack.delivery.reading import SendRate
from promostack.telegram import channels
from promostack.telegram.post_models import Channel

_sql = load(__package__)

# Nobody acts differently on more; the page shows such a count as "1 000+".
MOST_COUNTED = 1_001
SHOWN_S = 60

Status = Literal["ok", "attention", "broken"]
Fix = Literal["token", "webhook", "channel", "outbox", "parked"]

_BROKEN = {
    "token_refused": (
        "Telegram refuses this bot's token.",
        "Open @BotFather in Telegram, choose /mybots, @{username}, “API Token”, copy the token and enter it here. "
        "What waits goes out then.",
    ),
    "token_unreadable": (
        "This bot's token cannot be read here.",
        "Copy the token from @BotFather (/mybots, @{username}, “API Token”) and enter it here. What waits goes out "
        "then.",
    ),
    "webhook_missing": (
        "Telegram does not know where to send what people write: the bot answers nobody.",
        "Set the webhook anew. What people wrote within the last 24 hours is answered then.",
    ),
    "webhook_elsewhere": (
        "Another program has taken this bot over: what people write goes to {detail}.",
        "End that program or take the bot out of it, then set the webhook anew.",
    ),
}
_TROUBLED = {
    "webhook_failing": (
        "Telegram cannot hand in what people write: {detail}",
        "Telegram tries again by itself. If this stands for more than ten minutes, set the webhook anew.",
    ),
    "unreachable": (
        "Telegram did not answer when this bot was checked last.",
        "Nothing: the next check follows by itself. Messages go out as soon as Telegram answers.",
    ),
}
_CHANNEL = {
    "removed": "The bot is no longer in {title}.",
    "no_rights": "The bot may not post in {title}.",
    "refused": "Telegram turns the bot's posts in {title} away.",
}


@dataclass(frozen=True)
class Care:
    """A bot as it stands. Counts stop at MOST_COUNTED; `pending` are updates that wait at Telegram."""

    id: str
    username: str
    state: str
    paused_reason: str | None
    group_answer: str
    created_at: datetime
    checked_at: datetime | None
    check_problem: str | None
    check_detail: str | None
    pending: int | None
    waiting: int
    dead: int
    parked: int
    channels: tuple[Channel, ...]

    @property
    def lost_channels(self) -> tuple[Channel, ...]:
        """Those in which the bot may not post."""
        return tuple(each for each in self.channels if each.broken)


@dataclass(frozen=True)
class Health:
    """`problem` and `next` are sentences for the owner; None when there is nothing to do."""

    status: Status
    problem: str | None = None
    next: str | None = None
    fix: Fix | None = None


class BotNotFound(NotFound):
    """The tenant has no such bot."""

    code = "bot_not_found"


def list_bots(tenant_id: str) -> list[Care]:
    """All bots by name."""
    with unit_of_work(tenant_id) as tx:
        return _cares(tx, tenant_id, None)


def read_bot(tenant_id: str, bot_id: str) -> Care:
    """One bot; raises BotNotFound."""
    known(bot_id)
    with unit_of_work(tenant_id) as tx:
        found = _cares(tx, tenant_id, bot_id)
    if not found:
        raise BotNotFound("There is no such bot.")
    return found[0]


def read_rate(tenant_id: str, bot_id: str) -> tuple[SendRate, list[int]]:
    """What the bot sends now, and in each of the last 60 seconds; raises BotNotFound."""
    known(bot_id)
    with unit_of_work(tenant_id) as tx:
        if not tx.rows(_sql.find_bot, tenant_id=tenant_id, bot_id=bot_id):
            raise BotNotFound("There is no such bot.")
        return (
            reading.send_rate(tx, tenant_id, bot_id=bot_id),
            _sent_by_second(tx, tenant_id, bot_id),
        )


def known(bot_id: str) -> str:
    """The id, if it can be one; raises BotNotFound."""
    if not ids.is_id(bot_id):
        raise BotNotFound("There is no such bot.")
    return bot_id


def health_of(care: Care) -> Health:
    """The worst that is wrong with the bot; what stops it stands before what only part of it suffers from."""
    if care.state == "suspended":
        return Health("broken", "The workspace is suspended, and its bots with it.", "Ask the platform's people.")
    if care.state == "paused" and care.check_problem not in _BROKEN:
        return _told("broken", "token", _BROKEN["token_refused"], care)
    problem = care.check_problem or ""
    if problem in _BROKEN:
        return _told("broken", "token" if problem.startswith("token") else "webhook", _BROKEN[problem], care)
    if problem in _TROUBLED:
        return _told("attention", "webhook" if problem == "webhook_failing" else None, _TROUBLED[problem], care)
    return _smaller_trouble(care)


def _smaller_trouble(care: Care) -> Health:
    if care.lost_channels:
        first = care.lost_channels[0]
        others = f" And {len(care.lost_channels) - 1} more." if len(care.lost_channels) > 1 else ""
        return Health(
            "attention",
            _CHANNEL[first.broken or "refused"].format(title=first.title) + others,
            "Connect the channel again with the button beside it; what waits for it is posted then.",
            "channel",
        )
    if care.dead:
        noun = "message has" if care.dead == 1 else "messages have"
        return Health(
            "attention",
            f"{_many(care.dead)} {noun} not gone out, or nobody knows whether.",
            "Look at them in the outbox and decide: send again, or leave.",
            "outbox",
        )
    if care.parked:
        noun = "update was" if care.parked == 1 else "updates were"
        return Health(
            "attention",
            f"{_many(care.parked)} {noun} set aside after three tries.",
            "Look at them in the outbox and have the bot try once more.",
            "parked",
        )
    return Health("ok")


def _sent_by_second(tx: Transaction, tenant_id: str, bot_id: str) -> list[int]:
    """How many messages the bot sent in each of the last seconds, the latest last."""
    rows = tx.rows(_sql.sent_by_second, tenant_id=tenant_id, bot_id=bot_id, seconds=SHOWN_S)
    sent = {row["ago"]: row["sent"] for row in rows}
    return [sent.get(ago, 0) for ago in range(SHOWN_S, 0, -1)]


def _told(status: Status, fix: Fix | None, words: tuple[str, str], care: Care) -> Health:
    values = {"username": care.username, "detail": care.check_detail or "somewhere else"}
    problem, following = (each.format(**values) for each in words)
    return Health(status, problem, following, fix)


def _many(count: int) -> str:
    return f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count)


def _cares(tx: Transaction, tenant_id: str, only: str | None) -> list[Care]:
    rows = tx.rows(_sql.list_bots, tenant_id=tenant_id, only_bot=only, most=MOST_COUNTED)
    found = channels.list_channels(tx, tenant_id, of_bot=only)
    return [_care(row, tuple(each for each in found if each.bot_id == str(row["id"]))) for row in rows]


def _care(row: dict[str, Any], found: tuple[Channel, ...]) -> Care:
    pending = row.pop("webhook_pending")
    return Care(**{**row, "id": str(row["id"])}, pending=pending, channels=found)
