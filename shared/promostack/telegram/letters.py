"""What stands in the outbox, for the tenant's people: looked at, sent once more, cancelled. Every change is audited."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from promostack.core import ids
from promostack.core.errors import Conflict, NotFound
from promostack.db.sql import load
from promostack.db.uow import Transaction, unit_of_work
from promostack.delivery import outbox, reading
from promostack.delivery.errors import RecipientGone
from promostack.delivery.models import Kind, Leased
from promostack.delivery.reading import BotAtWork, Held, StoredMessage
from promostack.delivery.sender import Sender
from promostack.tenants import audit, standing
from promostack.tenants.audit import Actor

_sql = load(__package__)

# The states that a list is asked for, by the word of the question.
STATES: Mapping[str, tuple[str, ...]] = {
    "open": ("waiting", "leased"),
    "waiting": ("waiting",),
    "sending": ("leased",),
    "dead": reading.DEAD_STATES,
    "failed": ("failed",),
    "ambiguous": ("ambiguous",),
    "sent": ("sent",),
    "cancelled": ("cancelled",),
}
# Nobody looks through more than these, and counting on would keep the database busy.
COUNTED_TO = 10_000
# So many are sent while whoever asked waits for the answer; the rest is the worker's, within a minute.
_OWN_MOST = 20


class MessageNotFound(NotFound):
    """No message of the tenant has that id."""

    code = "message_not_found"


class MayArriveTwice(Conflict):
    """Telegram gave no answer to one of them: it may have arrived."""

    code = "may_arrive_twice"


@dataclass(frozen=True)
class Letter:
    """A message with its bot, and the title of its chat where that is a known channel."""

    stored: StoredMessage
    bot: BotAtWork
    chat: str | None


@dataclass(frozen=True)
class Letters:
    """A page, newest first; `next` is the key that the following page starts after."""

    items: Sequence[Letter]
    next: str | None


@dataclass(frozen=True)
class Tally:
    """How many messages want a look, for one bot; each count ends at COUNTED_TO. `later`: due in more than a minute."""

    bot: BotAtWork
    waiting: int = 0
    later: int = 0
    sending: int = 0
    failed: int = 0
    ambiguous: int = 0
    parked: int = 0


@dataclass(frozen=True)
class Done:
    """What came of a change: so many messages changed, so many of them were sent already."""

    changed: int
    sent: int = 0


def list_letters(
    tenant_id: str,
    *,
    state: str | None,
    kind: Kind | None,
    bot_id: str | None,
    chat_id: int | None,
    source: str | None,
    after: str | None,
    limit: int,
) -> Letters:
    """The outbox, narrowed by whatever is given; `state` is a word of STATES, `after` a key."""
    with unit_of_work(tenant_id) as tx:
        cursor = None
        if after is not None:
            place = reading.hold_messages(tx, tenant_id, keys=[after])
            if not place:
                return Letters([], None)
            cursor = place[0].id
        page = reading.list_messages(
            tx,
            tenant_id,
            bot_id=bot_id,
            chat_id=chat_id,
            states=STATES[state] if state else None,
            kind=kind,
            source=source,
            cursor=cursor,
            limit=limit,
        )
        bots = {bot.id: bot for bot in reading.list_bots(tx, tenant_id)}
        titles = _titles(tx, tenant_id, page.items)
    items = [Letter(each, bots[each.bot_id], titles.get((each.bot_id, each.chat_id))) for each in page.items]
    return Letters(items, page.items[-1].key if page.next is not None else None)


def tally(tenant_id: str) -> list[Tally]:
    """What waits and what failed, for each bot by name."""
    with unit_of_work(tenant_id) as tx:
        counted: dict[str, dict[str, int]] = {}
        for state, name in (("waiting", "waiting"), ("leased", "sending"), ("failed", ""), ("ambiguous", "")):
            for count in reading.count_messages(tx, tenant_id, state=state, most=COUNTED_TO):
                of_bot = counted.setdefault(count.bot_id, {})
                key = "later" if count.is_ahead and state == "waiting" else name or state
                of_bot[key] = of_bot.get(key, 0) + count.number
        for row in tx.rows(_sql.count_parked, tenant_id=tenant_id, most=COUNTED_TO):
            counted.setdefault(str(row["bot_id"]), {})["parked"] = row["number"]
        return [Tally(bot, **counted.get(bot.id, {})) for bot in reading.list_bots(tx, tenant_id)]


def requeue(tenant_id: str, keys: Sequence[str], actor: Actor, sender: Sender, *, may_arrive_twice: bool) -> Done:
    """Sends dead letters once more, a few at once; what is none of them, or replaced since, stays as it is.

    `sender` need not read pictures: the first letter with one, and all after it, are the worker's, within a minute.
    Raises MessageNotFound, and MayArriveTwice for one that may have arrived unless that is wanted.
    """
    lease = ids.opaque_id()
    with unit_of_work(tenant_id) as tx:
        standing.check(tx, tenant_id, actor)
        dead = [each for each in _hold(tx, tenant_id, keys) if each.state in reading.DEAD_STATES]
        dead = _current(tx, tenant_id, dead)
        doubtful = [each for each in dead if each.state == "ambiguous"]
        if doubtful and not may_arrive_twice:
            raise MayArriveTwice("Telegram gave no answer to this message; it may have arrived. Send it once more?")
        changed = outbox.requeue(tx, tenant_id, ids=[each.id for each in dead])
        if changed:
            _note(tx, tenant_id, actor, "outbox.requeued", dead, {"may_arrive_twice": len(doubtful)})
        own = [each.id for each in takewhile(lambda each: not each.has_picture, dead[:_OWN_MOST])]
        rows = outbox.lease_own(tx, tenant_id, ids=own, lease_token=lease)
    return Done(changed, _send(sender, rows, lease))


def cancel(tenant_id: str, keys: Sequence[str], actor: Actor) -> Done:
    """Cancels what waits, also what waits for its chat to come back; raises MessageNotFound."""
    with unit_of_work(tenant_id) as tx:
        standing.check(tx, tenant_id, actor)
        held = _hold(tx, tenant_id, keys)
        stopped = [each for each in held if may_cancel(each) and outbox.withdraw(tx, tenant_id, id=each.id)]
        if stopped:
            _note(tx, tenant_id, actor, "outbox.cancelled", stopped, {})
    return Done(len(stopped))


def may_cancel(message: Held | StoredMessage) -> bool:
    """True for what waits; one that its sender holds is cancelled only while it has not been called."""
    waits_for_chat = message.state in ("cancelled", "failed") and message.error_code == RecipientGone.code
    return message.state in ("waiting", "leased") or waits_for_chat


def _hold(tx: Transaction, tenant_id: str, keys: Sequence[str]) -> list[Held]:
    held = reading.hold_messages(tx, tenant_id, keys=keys)
    if len(held) < len(set(keys)):
        raise MessageNotFound("There is no such message.")
    return held


def _current(tx: Transaction, tenant_id: str, dead: list[Held]) -> list[Held]:
    """Without calls of posts that a later call has replaced: an old caption must not come back."""
    of_posts = [each.id for each in dead if (each.source or "").startswith("post:")]
    if not of_posts:
        return dead
    standing_for = {
        number
        for row in tx.rows(_sql.calls_of_posts, tenant_id=tenant_id, ids=of_posts)
        for number in (row["change_id"] or row["outbox_id"], row["outbox_id"])
    }
    return [each for each in dead if each.id not in of_posts or each.id in standing_for]


def _note(
    tx: Transaction, tenant_id: str, actor: Actor, action: str, messages: Sequence[Held], data: Mapping[str, Any]
) -> None:
    target = messages[0].key if len(messages) == 1 else ""
    audit.record(tx, tenant_id, actor, action, target=target, data={"messages": len(messages), **data})


def _send(sender: Sender, rows: Sequence[Leased], lease: str) -> int:
    """Sends them bot by bot; what does not go out in time the worker takes over when the lease ends."""
    sent = 0
    for bot_id in dict.fromkeys(row.bot_id for row in rows):
        sent += sender.send_own([row for row in rows if row.bot_id == bot_id], lease).sent
    return sent


def _titles(tx: Transaction, tenant_id: str, messages: Sequence[StoredMessage]) -> dict[tuple[str, int], str]:
    chats = sorted({each.chat_id for each in messages if each.chat_id < 0})
    rows = tx.rows(_sql.titles_of_channels, tenant_id=tenant_id, chats=chats) if chats else []
    return {(str(row["bot_id"]), row["chat_id"]): row["title"] for row in rows}
