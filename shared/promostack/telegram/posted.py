"""From a planned change of a post to the person's answer: stored with the update, told once it is known how it went."""

from datetime import UTC, datetime, timedelta

from promostack.db.uow import Transaction, unit_of_work
from promostack.delivery import outbox
from promostack.delivery.models import Kind, Leased, Message
from promostack.telegram import post_cards, posts
from promostack.telegram.models import Answer, Bot, Incoming, Outcome
from promostack.telegram.ports import Desk
from promostack.telegram.texts import Texts

# Longer than a webhook may take: until then whoever made the change is still there to say how it went.
_TOLD_WITHIN_S = 35


def store(tx: Transaction, bot: Bot, incoming: Incoming, outcome: Outcome, lease_token: str) -> list[Leased]:
    """Makes the outcome's change; returns its calls, leased. What is said if nobody tells the rest waits in the outbox.

    Raises the errors in `posts.REFUSALS` when things have changed since the plan was made.
    """
    if outcome.change is None:
        return []
    by = posts.Author(f"chat:{incoming.user_id}", incoming.user_id)
    rows = posts.apply(tx, bot.tenant_id, outcome.change, by, lease=lease_token)
    if outcome.unless_told:
        later = _message(bot, incoming, outcome.unless_told, "unless-told", wait_s=_TOLD_WITHIN_S)
        outbox.enqueue(tx, [later], tenant_id=bot.tenant_id, bot_id=bot.id)
    return rows


def tell(bot: Bot, incoming: Incoming, outcome: Outcome, desk: Desk, lease_token: str) -> list[Leased]:
    """The post as it stands after its calls, as a message instead of the one that waits; leased to the caller."""
    assert outcome.change is not None
    texts = Texts(incoming.language, desk.own_texts(incoming.language))
    post = desk.posts.find(outcome.change.post_id)
    if post is None:
        return []
    card = _message(bot, incoming, post_cards.card(texts, post, desk.posts.zone()), "told")
    with unit_of_work(bot.tenant_id) as tx:
        if not outbox.cancel(tx, bot.tenant_id, idempotency_key=_key(bot, incoming, "unless-told"), reason="told"):
            return []
        return outbox.enqueue(tx, [card], tenant_id=bot.tenant_id, bot_id=bot.id, lease_token=lease_token)


def _message(bot: Bot, incoming: Incoming, answer: Answer, name: str, *, wait_s: float = 0.0) -> Message:
    return Message(
        chat_id=incoming.chat_id,
        kind=Kind.INTERACTIVE,
        method=answer.method,
        params=answer.params,
        idempotency_key=_key(bot, incoming, name),
        due_at=datetime.now(UTC) + timedelta(seconds=wait_s) if wait_s else None,
    )


def _key(bot: Bot, incoming: Incoming, name: str) -> str:
    return f"{bot.id}:{incoming.update_id}:{name}"
