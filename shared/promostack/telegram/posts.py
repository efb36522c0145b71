"""Posts in channels: made, changed and deleted through the outbox, each once, in the caller's transaction."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from promostack.analytics import events
from promostack.core.errors import Conflict, NotFound, Unavailable
from promostack.db.sql import load
from promostack.db.uow import Transaction
from promostack.delivery import outbox
from promostack.delivery.errors import RecipientGone
from promostack.delivery.models import Attachment, Kind, Leased, Message
from promostack.telegram import channels
from promostack.telegram.post_models import Channel, NewCaption, NewPost, Post, PostChange, When

_sql = load(__package__)


class PostNotFound(NotFound):
    """There is no such post, or it is somebody else's."""

    code = "post_not_found"


class ChannelNotFound(NotFound):
    """There is no such channel, or it is somebody else's."""

    code = "channel_not_found"


class ChannelBroken(Conflict):
    """The bot may not post in this channel now."""

    code = "channel_broken"


class PostedBefore(Conflict):
    """The same picture with the same caption is in the channel, or will be, within a day."""

    code = "posted_before"


class PostEnded(Conflict):
    """The post is over: there is nothing that could be changed."""

    code = "post_ended"


class PostBusy(Unavailable):
    """Telegram is being called for this post at this moment."""

    code = "post_busy"


# What a plan that was made a moment ago can run into.
REFUSALS = (PostNotFound, ChannelNotFound, ChannelBroken, PostedBefore, PostEnded, PostBusy)


@dataclass(frozen=True)
class Author:
    """Who changes posts. `person`: somebody in the chat, who has the channels that he connected; None: the tenant."""

    name: str
    person: int | None = None


def apply(tx: Transaction, tenant_id: str, change: PostChange, by: Author, *, lease: str) -> list[Leased]:
    """Makes the change; returns the calls that follow from it at once, leased to the caller.

    The same new post a second time is nothing new. Raises the errors in REFUSALS.
    """
    known = find_post(tx, tenant_id, change.post_id)
    if isinstance(change, NewPost):
        return [] if known else _create(tx, tenant_id, change, by, lease)
    if known is None:
        raise PostNotFound("There is no such post.")
    channel = _hold(tx, tenant_id, known.channel_id, by, PostNotFound("There is no such post."))
    post = get_post(tx, tenant_id, change.post_id)
    if isinstance(change, NewCaption):
        return _edit(tx, tenant_id, post, channel, change.caption, by, lease)
    return _delete(tx, tenant_id, post, channel, by, lease)


def find_post(tx: Transaction, tenant_id: str, post_id: str, *, zone: str = "UTC") -> Post | None:
    """One post as it stands now."""
    found = list_posts(tx, tenant_id, only=post_id, zone=zone)
    return found[0] if found else None


def get_post(tx: Transaction, tenant_id: str, post_id: str, *, zone: str = "UTC") -> Post:
    """Like `find_post`; raises PostNotFound."""
    post = find_post(tx, tenant_id, post_id, zone=zone)
    if post is None:
        raise PostNotFound("There is no such post.")
    return post


def list_posts(
    tx: Transaction,
    tenant_id: str,
    *,
    only: str | None = None,
    of_channel: str | None = None,
    after: tuple[datetime, str] | None = None,
    limit: int = 1,
    zone: str = "UTC",
) -> list[Post]:
    """The newest first; `after` is the last one's (created_at, id). `zone` is that of `due_local`."""
    created, post_id = after or (None, None)
    rows = tx.rows(
        _sql.list_posts,
        tenant_id=tenant_id,
        only_id=only,
        of_channel=of_channel,
        after_created=created,
        after_post=post_id,
        most=limit,
        zone=zone,
    )
    return [Post(**{**row, **{name: str(row[name]) for name in ("id", "channel_id", "bot_id")}}) for row in rows]


def moment_of(tx: Transaction, when: When, zone: str) -> datetime | None:
    """When such a post is due; None for now."""
    return None if when == "now" else tx.value(_sql.post_moment, wanted_when=when, zone=zone)


def find_twin(tx: Transaction, tenant_id: str, new: NewPost, *, zone: str, due_at: datetime | None) -> str | None:
    """When the same was or will be posted there within a day of `due_at`, in the zone's local time."""
    found = tx.value(
        _sql.find_twin,
        tenant_id=tenant_id,
        channel_id=new.draft.channel_id,
        sha256=new.draft.picture.sha256,
        caption=new.draft.caption,
        due_at=due_at or tx.value(_sql.post_moment, wanted_when="now", zone=zone),
        zone=zone,
        gone=RecipientGone.code,
    )
    return str(found) if found else None


def _create(tx: Transaction, tenant_id: str, new: NewPost, by: Author, lease: str) -> list[Leased]:
    draft = new.draft
    channel = _hold(tx, tenant_id, draft.channel_id, by, ChannelNotFound("There is no such channel."))
    if find_post(tx, tenant_id, draft.id):
        return []  # made while we waited for the channel
    _refuse_broken(channel)
    if not new.may_repeat and find_twin(tx, tenant_id, new, zone="UTC", due_at=new.due_at):
        raise PostedBefore("The same picture with the same caption is in this channel already; post it again?")
    attachment = draft.picture.attachment(draft.code)
    row = _message(channel, draft.id, 0, draft.caption, attachment, due_at=new.due_at)
    stored = _enqueue(tx, tenant_id, channel, row, lease if new.due_at is None else None)
    picture = asdict(draft.picture)
    tx.run(
        _sql.add_post,
        tenant_id=tenant_id,
        id=draft.id,
        channel_id=channel.id,
        author=by.name,
        code=draft.code,
        **{name: picture[name] for name in ("object_key", "sha256", "media_type")},
        caption=draft.caption,
        outbox_id=stored.id,
    )
    _count(tx, tenant_id, "posted", channel, by, code=draft.code)
    return [stored] if new.due_at is None else []


def _edit(
    tx: Transaction, tenant_id: str, post: Post, channel: Channel, caption: str, by: Author, lease: str
) -> list[Leased]:
    if caption == post.caption and post.change != "failed":
        return []
    if post.stands in ("scheduled", "sending", "held"):
        return _replace(tx, tenant_id, post, channel, caption, by, lease)
    if post.stands != "posted":
        raise PostEnded("This post is over; its caption cannot be changed any more.")
    _refuse_broken(channel)
    _stop_change(tx, tenant_id, post)
    params = {"message_id": post.message_id, "caption": caption, "parse_mode": "HTML"}
    return _call(tx, tenant_id, post, channel, "editMessageCaption", params, by, lease, caption=caption)


def _replace(
    tx: Transaction, tenant_id: str, post: Post, channel: Channel, caption: str, by: Author, lease: str
) -> list[Leased]:
    """A post that was not called yet is called with the new caption instead; one that is held stays so."""
    _withdraw(tx, tenant_id, post)
    attachment = post.picture.attachment(post.code)
    row = _message(channel, post.id, post.revision + 1, caption, attachment, due_at=post.due_at)
    is_due = not post.is_ahead and not channel.broken
    stored = _enqueue(tx, tenant_id, channel, row, lease if is_due else None)
    if channel.broken:
        outbox.recipient_is_gone(tx, tenant_id, bot_id=channel.bot_id, chat_id=channel.chat_id)
    _change(tx, tenant_id, post, caption=caption, outbox_id=stored.id, change_id=None)
    _count(tx, tenant_id, "post_edited", channel, by, code=post.code)
    return [stored] if is_due else []


def _delete(tx: Transaction, tenant_id: str, post: Post, channel: Channel, by: Author, lease: str) -> list[Leased]:
    if post.stands in ("cancelled", "deleted", "deleting", "failed"):
        return []
    if post.stands == "unclear":
        raise PostEnded("Telegram gave no answer to this post; look into the channel, and delete it there.")
    if post.stands != "posted":
        _withdraw(tx, tenant_id, post)
        _count(tx, tenant_id, "post_deleted", channel, by, code=post.code)
        return []
    if post.is_old:
        raise PostEnded("Telegram lets a bot delete its posts for 48 hours only; delete this one in the channel.")
    _refuse_broken(channel)
    _stop_change(tx, tenant_id, post)
    params = {"message_id": post.message_id}
    return _call(tx, tenant_id, post, channel, "deleteMessage", params, by, lease, caption=post.caption)


def _call(
    tx: Transaction,
    tenant_id: str,
    post: Post,
    channel: Channel,
    method: str,
    params: dict[str, Any],
    by: Author,
    lease: str,
    *,
    caption: str,
) -> list[Leased]:
    """A call about a message that was sent."""
    row = Message(
        channel.chat_id, Kind.POST, method, params, f"post:{post.id}:{post.revision + 1}", source=f"post:{post.id}"
    )
    stored = _enqueue(tx, tenant_id, channel, row, lease)
    _change(tx, tenant_id, post, caption=caption, outbox_id=post.outbox_id, change_id=stored.id)
    kind = "post_deleted" if method == "deleteMessage" else "post_edited"
    _count(tx, tenant_id, kind, channel, by, code=post.code)
    return [stored]


def _hold(
    tx: Transaction, tenant_id: str, channel_id: str, by: Author, refusal: PostNotFound | ChannelNotFound
) -> Channel:
    channel = channels.hold(tx, tenant_id, channel_id)
    if channel is None or by.person not in (None, channel.connected_by):
        raise refusal
    return channel


def _refuse_broken(channel: Channel) -> None:
    if channel.broken:
        raise ChannelBroken(f"The bot cannot post in {channel.title} now; connect the channel again.")


def _withdraw(tx: Transaction, tenant_id: str, post: Post) -> None:
    if not outbox.withdraw(tx, tenant_id, id=post.outbox_id):
        raise PostBusy("The post is going out at this moment; try again in a few seconds.", retry_after_s=3)


def _stop_change(tx: Transaction, tenant_id: str, post: Post) -> None:
    """An older change that waits may not come after a newer one; one that is being made is waited for."""
    if post.change_state in ("waiting", "leased"):
        assert post.change_id is not None
        if not outbox.withdraw(tx, tenant_id, id=post.change_id):
            raise PostBusy("The post is being changed at this moment; try again in a few seconds.", retry_after_s=3)


def _message(
    channel: Channel, post_id: str, revision: int, caption: str, attachment: Attachment, *, due_at: datetime | None
) -> Message:
    return Message(
        chat_id=channel.chat_id,
        kind=Kind.POST,
        method="sendPhoto",
        params={"caption": caption, "parse_mode": "HTML"},
        idempotency_key=f"post:{post_id}:{revision}",
        attachment=attachment,
        source=f"post:{post_id}",
        due_at=due_at,
    )


def _enqueue(tx: Transaction, tenant_id: str, channel: Channel, row: Message, lease: str | None) -> Leased:
    """The stored call; whoever holds the channel is the only one who makes keys of its posts."""
    return outbox.enqueue(tx, [row], tenant_id=tenant_id, bot_id=channel.bot_id, lease_token=lease)[0]


def _change(
    tx: Transaction, tenant_id: str, post: Post, *, caption: str, outbox_id: int, change_id: int | None
) -> None:
    tx.run(_sql.change_post, tenant_id=tenant_id, id=post.id, caption=caption, outbox_id=outbox_id, change_id=change_id)


def _count(tx: Transaction, tenant_id: str, kind: str, channel: Channel, by: Author, *, code: str) -> None:
    """Counted for the person in the chat who did it; a member at the dashboard is nobody in Telegram."""
    where: dict[str, Any] = {"bot_id": channel.bot_id, "chat_id": channel.chat_id}
    events.record(tx, tenant_id, kind, **where, user_id=by.person, data={"code": code})
