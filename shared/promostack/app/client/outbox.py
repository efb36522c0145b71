"""client/outbox: what bots have to send and could not send, what nobody answered, and putting both right."""

from typing import Any

from promostack.app import services
from promostack.app.endpoint import Endpoint
from promostack.app.request import Request
from promostack.app.signed_in import acting, member
from promostack.auth.models import Member
from promostack.core import cursors, ids
from promostack.core.clock import SystemClock
from promostack.delivery import reading
from promostack.telegram import letters, parked
from promostack.telegram.letter_schemas import (
    BotTally,
    Chosen,
    DoneAnswer,
    LetterAnswer,
    LetterPage,
    LettersQuery,
    ParkedAnswer,
    ParkedPage,
    ParkedQuery,
    Requeue,
    RetriedAnswer,
    TallyAnswer,
)
from promostack.telegram.letter_words import words_for
from promostack.telegram.letters import Letter, Tally
from promostack.telegram.parked import Parked, UpdateNotFound

endpoint = Endpoint("client/outbox")

_clock = SystemClock()
_COUNTS = ("waiting", "later", "sending", "failed", "ambiguous", "parked")
_MOST_UPDATE = 2**63 - 1


@endpoint.get(access=member("outbox.read"), query=LettersQuery)
def list_letters(request: Request, query: LettersQuery) -> dict[str, Any]:
    page = letters.list_letters(
        request.caller_as(Member).tenant_id,
        state=query.state,
        kind=query.kind,
        bot_id=str(query.bot) if query.bot else None,
        chat_id=query.chat,
        source=query.source,
        after=cursors.decode(query.cursor, cursors.text)[0] if query.cursor else None,
        limit=query.limit,
    )
    following = cursors.encode(page.next) if page.next is not None else None
    items = [_letter(each, reads_chats=_reads_chats(request)) for each in page.items]
    return LetterPage(items=items, next=following).model_dump(mode="json")


@endpoint.get("counts", access=member("outbox.read"))
def read_counts(request: Request) -> dict[str, Any]:
    found = letters.tally(request.caller_as(Member).tenant_id)
    totals = {name: min(letters.COUNTED_TO, sum(getattr(each, name) for each in found)) for name in _COUNTS}
    bots = [_tally(each) for each in found]
    return TallyAnswer(**totals, counted_to=letters.COUNTED_TO, bots=bots).model_dump()


@endpoint.get("parked", access=member("outbox.read"), query=ParkedQuery)
def list_parked(request: Request, query: ParkedQuery) -> dict[str, Any]:
    after = cursors.decode(query.cursor, cursors.moment, cursors.uuid, cursors.row_id) if query.cursor else None
    found = parked.list_parked(
        request.caller_as(Member).tenant_id,
        bot_id=str(query.bot) if query.bot else None,
        after=(after[0], after[1], after[2]) if after else None,
        limit=query.limit + 1,
    )
    page = found[: query.limit]
    following = cursors.encode(*page[-1].place) if len(found) > len(page) else None
    items = [_parked(each, reads_chats=_reads_chats(request)) for each in page]
    return ParkedPage(items=items, next=following).model_dump(mode="json")


@endpoint.post("requeue", access=member("outbox.write"), body=Requeue)
def requeue(request: Request, body: Requeue) -> dict[str, Any]:
    done = letters.requeue(
        request.caller_as(Member).tenant_id,
        body.ids,
        acting(request),
        services.text_sender(),
        may_arrive_twice=body.may_arrive_twice,
    )
    return DoneAnswer(changed=done.changed, sent=done.sent).model_dump()


@endpoint.post("cancel", access=member("outbox.write"), body=Chosen)
def cancel(request: Request, body: Chosen) -> dict[str, Any]:
    done = letters.cancel(request.caller_as(Member).tenant_id, body.ids, acting(request))
    return DoneAnswer(changed=done.changed, sent=done.sent).model_dump()


@endpoint.post("parked/retry", access=member("outbox.write"), body=Chosen)
def retry(request: Request, body: Chosen) -> dict[str, Any]:
    wanted = [_update(each) for each in body.ids]
    changed = parked.retry(request.caller_as(Member).tenant_id, wanted, acting(request))
    return RetriedAnswer(changed=changed).model_dump()


def _reads_chats(request: Request) -> bool:
    """What people and bots say to each other is for fewer eyes than whether it arrived."""
    return request.caller_as(Member).may("chats.read")


def _letter(letter: Letter, *, reads_chats: bool) -> LetterAnswer:
    stored = letter.stored
    told = words_for(stored, letter.bot, is_ahead=stored.due_at > _clock.now())
    same = ("bot_id", "chat_id", "kind", "method", "has_picture", "source", "due_at", "created_at", "finished_at")
    return LetterAnswer(
        **{name: getattr(stored, name) for name in same},
        id=stored.key,
        bot=letter.bot.username,
        chat=letter.chat,
        text=stored.summary if reads_chats or stored.chat_id < 0 else "",
        state="sending" if stored.state == "leased" else stored.state,
        why=told.why,
        next=told.next,
        may_requeue=stored.state in reading.DEAD_STATES,
        may_cancel=letters.may_cancel(stored),
        may_arrive_twice=stored.state == "ambiguous" or stored.ambiguities > 0,
        tries=stored.attempts,
    )


def _tally(tally: Tally) -> BotTally:
    counts = {name: getattr(tally, name) for name in _COUNTS}
    return BotTally(id=tally.bot.id, username=tally.bot.username, state=tally.bot.state, **counts)


def _parked(update: Parked, *, reads_chats: bool) -> ParkedAnswer:
    same = ("id", "bot_id", "bot", "kind", "person", "received_at")
    return ParkedAnswer(
        **{name: getattr(update, name) for name in same},
        name=update.name if reads_chats else None,
        text=update.text if reads_chats else "",
        why=f"It could not be answered, three times in a row: {(update.error or 'the reason is unknown')}.",
        next="Nobody expects an answer any more; it is forgotten after 30 days."
        if update.is_stale
        else "Try it again once the reason is mended; it is answered within a minute.",
        tries=update.attempts,
        may_retry=not update.is_stale,
    )


def _update(named: str) -> tuple[str, int]:
    """The bot and the number of an update; raises UpdateNotFound for what cannot be one."""
    bot_id, _, number = named.rpartition(":")
    if not ids.is_id(bot_id) or not (number.isascii() and number.isdigit()) or int(number) > _MOST_UPDATE:
        raise UpdateNotFound("There is no such update.")
    return bot_id, int(number)
