"""Posts from the dashboard: rendered, stored, and sent at once where they are due."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from promostack.core import ids
from promostack.core.clock import Clock
from promostack.core.errors import Unprocessable
from promostack.core.text import normalise_code
from promostack.db.uow import unit_of_work
from promostack.delivery.sender import Sender
from promostack.publishing.models import Rendered, RenderOrder
from promostack.publishing.renders import Renders
from promostack.telegram import captions, channels, posts
from promostack.telegram.models import Picture
from promostack.telegram.post_models import Channel, Deletion, Draft, NewCaption, NewPost, Post, PostChange
from promostack.telegram.posts import Author, ChannelNotFound, PostNotFound
from promostack.telegram.texts import Texts
from promostack.tenants import service as tenants
from promostack.tenants import standing
from promostack.tenants.audit import Actor

# Pictures that nobody asks for are dropped after 90 days.
MOST_AHEAD = timedelta(days=60)


@dataclass(frozen=True)
class Preview:
    """What a post would be; `is_repeated`: the same is in the channel within a day."""

    picture: Rendered
    caption: str
    is_repeated: bool


class ChannelPosts:
    """Posts of one tenant's people; the permission to call is checked before, and again where the change is made."""

    def __init__(self, *, renders: Renders, sender: Sender, clock: Clock) -> None:
        self._renders = renders
        self._sender = sender
        self._clock = clock

    def preview(
        self, tenant_id: str, channel_id: str, order: RenderOrder, caption: str | None, actor: Actor
    ) -> Preview:
        """Raises ChannelNotFound, CaptionRefused, and what a render raises."""
        _channel(tenant_id, channel_id, actor)
        code = normalise_code(order.code)
        if caption is None:
            tenant = tenants.get_tenant(tenant_id)
            texts = Texts(own=tenant.settings.bot_texts.get("en", {}))
            caption = texts.say("picture", code=code, link=tenant.referral_link(code) or "")
        captions.checked(caption)
        picture = self._renders.render(tenant_id, order, channel="bot", actor=_author(actor).name)
        new = NewPost(Draft("", channel_id, "", _picture(picture), code, caption), None)
        with unit_of_work(tenant_id) as tx:
            is_repeated = posts.find_twin(tx, tenant_id, new, zone="UTC", due_at=None) is not None
        return Preview(picture, caption, is_repeated)

    def create(
        self,
        tenant_id: str,
        channel_id: str,
        order: RenderOrder,
        caption: str,
        actor: Actor,
        *,
        post_id: str | None,
        due_at: datetime | None,
        may_repeat: bool,
    ) -> Post:
        """The post, sent when it is due now; the same id again is the same post.

        Raises what `preview` raises, ChannelBroken, PostedBefore, and Unprocessable for a moment that is not ahead.
        """
        captions.checked(caption)
        self._refuse_moment(due_at)
        channel = _channel(tenant_id, channel_id, actor)
        picture = self._renders.render(tenant_id, order, channel="bot", actor=_author(actor).name)
        code = normalise_code(order.code)
        draft = Draft(post_id or ids.new_id(), channel.id, channel.title, _picture(picture), code, caption)
        return self._apply(tenant_id, NewPost(draft, due_at, may_repeat), actor)

    def edit(self, tenant_id: str, post_id: str, caption: str, actor: Actor) -> Post:
        """Raises CaptionRefused, PostNotFound, PostEnded, PostBusy, ChannelBroken."""
        return self._apply(tenant_id, NewCaption(_known(post_id), captions.checked(caption)), actor)

    def delete(self, tenant_id: str, post_id: str, actor: Actor) -> Post:
        """Raises PostNotFound, PostEnded, PostBusy, ChannelBroken."""
        return self._apply(tenant_id, Deletion(_known(post_id)), actor)

    def _apply(self, tenant_id: str, change: PostChange, actor: Actor) -> Post:
        lease = ids.opaque_id()
        with unit_of_work(tenant_id) as tx:
            standing.check(tx, tenant_id, actor)
            rows = posts.apply(tx, tenant_id, change, _author(actor), lease=lease)
        self._sender.send_own(rows, lease)
        with unit_of_work(tenant_id) as tx:
            return posts.get_post(tx, tenant_id, change.post_id)

    def _refuse_moment(self, due_at: datetime | None) -> None:
        now = self._clock.now()
        if due_at is not None and not now < due_at <= now + MOST_AHEAD:
            message = f"choose a moment within the next {MOST_AHEAD.days} days"
            raise Unprocessable(f"Check the time: {message}.", fields={"when": message})


def list_channels(tenant_id: str) -> tuple[list[Channel], list[tuple[str, str]]]:
    """The tenant's channels, and (bot, link) where more are connected."""
    with unit_of_work(tenant_id) as tx:
        return channels.list_channels(tx, tenant_id), channels.connect_links(tx, tenant_id)


def list_posts(tenant_id: str, *, channel_id: str | None, after: tuple[datetime, str] | None, limit: int) -> list[Post]:
    """The newest first; `after` is the (created_at, id) of the page before. Raises ChannelNotFound."""
    if channel_id:
        _channel(tenant_id, channel_id, None)
    with unit_of_work(tenant_id) as tx:
        return posts.list_posts(tx, tenant_id, of_channel=channel_id, after=after, limit=limit)


def get_post(tenant_id: str, post_id: str) -> Post:
    """Raises PostNotFound."""
    with unit_of_work(tenant_id) as tx:
        return posts.get_post(tx, tenant_id, _known(post_id))


def _author(actor: Actor) -> Author:
    return Author(f"member:{actor.id}")


def _channel(tenant_id: str, channel_id: str, actor: Actor | None) -> Channel:
    """The channel, for somebody who may change something there, or for a reader; raises ChannelNotFound."""
    found = []
    if ids.is_id(channel_id):
        with unit_of_work(tenant_id) as tx:
            if actor is not None:
                standing.check(tx, tenant_id, actor)
            found = channels.list_channels(tx, tenant_id, only=channel_id)
    if not found:
        raise ChannelNotFound("There is no such channel.")
    return found[0]


def _known(post_id: str) -> str:
    if not ids.is_id(post_id):
        raise PostNotFound("There is no such post.")
    return post_id


def _picture(rendered: Rendered) -> Picture:
    return Picture(
        rendered.object_key, rendered.sha256, rendered.media_type, rendered.url, rendered.width, rendered.height
    )
