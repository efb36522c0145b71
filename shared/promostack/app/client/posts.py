"""client/posts: channels, and what is posted in them: looked at, now or later, changed, deleted."""

from typing import Any

from promostack.app import services
from promostack.app.endpoint import Endpoint
from promostack.app.request import Reply, Request
from promostack.app.signed_in import acting, member
from promostack.auth.models import Member
from promostack.core import config, cursors
from promostack.telegram import captions, channel_posts
from promostack.telegram.channels import connect_link
from promostack.telegram.post_models import Channel, Post
from promostack.telegram.post_schemas import (
    ChangeCaption,
    ChannelAnswer,
    ChannelList,
    ConnectAnswer,
    CreatePost,
    PostAnswer,
    PostPage,
    PostsQuery,
    PreviewAnswer,
    PreviewPost,
)

endpoint = Endpoint("client/posts")

_NEXT = {
    "removed": "The bot is no longer in this channel. Connect the channel again; what waits for it is posted then.",
    "no_rights": "The bot may not post in this channel. Give it the right “Post messages” among the channel's "
    "administrators, or connect the channel again; what waits for it is posted then.",
    "refused": "Telegram turns the bot's posts in this channel away. Connect the channel again; what waits for it is "
    "posted then.",
}


@endpoint.get(access=member("posts.read"), query=PostsQuery)
def list_posts(request: Request, query: PostsQuery) -> dict[str, Any]:
    after = cursors.decode(query.cursor, cursors.moment, cursors.uuid) if query.cursor else None
    found = channel_posts.list_posts(
        request.caller_as(Member).tenant_id,
        channel_id=str(query.channel) if query.channel else None,
        after=(after[0], after[1]) if after else None,
        limit=query.limit + 1,
    )
    page = found[: query.limit]
    following = cursors.encode(page[-1].created_at, page[-1].id) if len(found) > len(page) else None
    return PostPage(items=[_post(each) for each in page], next=following).model_dump(mode="json")


@endpoint.get("channels", access=member("posts.read"))
def list_channels(request: Request) -> dict[str, Any]:
    found, links = channel_posts.list_channels(request.caller_as(Member).tenant_id)
    connect = [ConnectAnswer(bot=bot, link=link) for bot, link in links]
    return ChannelList(items=[_channel(each) for each in found], connect=connect).model_dump(mode="json")


@endpoint.get("{post_id}", access=member("posts.read"))
def read_post(request: Request, post_id: str) -> dict[str, Any]:
    return _told(channel_posts.get_post(request.caller_as(Member).tenant_id, post_id))


@endpoint.post(access=member("posts.write"), body=CreatePost)
def create(request: Request, body: CreatePost) -> Reply:
    post = services.channel_posts().create(
        request.caller_as(Member).tenant_id,
        body.channel,
        body.order(),
        body.caption,
        acting(request),
        post_id=str(body.id) if body.id else None,
        due_at=body.when,
        may_repeat=body.again,
    )
    return Reply(_told(post), 201)


@endpoint.post("preview", access=member("posts.write"), body=PreviewPost)
def preview(request: Request, body: PreviewPost) -> dict[str, Any]:
    tenant_id = request.caller_as(Member).tenant_id
    made = services.channel_posts().preview(tenant_id, body.channel, body.order(), body.caption, acting(request))
    return PreviewAnswer(
        picture_url=made.picture.url,
        width=made.picture.width,
        height=made.picture.height,
        caption=made.caption,
        characters=captions.units(made.caption),
        posted_before=made.is_repeated,
    ).model_dump(mode="json")


@endpoint.put("{post_id}/caption", access=member("posts.write"), body=ChangeCaption)
def change_caption(request: Request, body: ChangeCaption, post_id: str) -> dict[str, Any]:
    tenant_id = request.caller_as(Member).tenant_id
    return _told(services.channel_posts().edit(tenant_id, post_id, body.caption, acting(request)))


# What was sent is deleted, what waits is never sent.
@endpoint.delete("{post_id}", access=member("posts.write"))
def delete(request: Request, post_id: str) -> dict[str, Any]:
    return _told(services.channel_posts().delete(request.caller_as(Member).tenant_id, post_id, acting(request)))


def _channel(channel: Channel) -> ChannelAnswer:
    return ChannelAnswer(
        id=channel.id,
        title=channel.title,
        username=channel.username,
        bot=channel.bot_username,
        state="broken" if channel.broken else "connected",
        problem=channel.broken,
        next=_NEXT.get(channel.broken or ""),
        link=connect_link(channel.bot_username),
        connected_at=channel.connected_at,
    )


def _told(post: Post) -> dict[str, Any]:
    return _post(post).model_dump(mode="json")


def _post(post: Post) -> PostAnswer:
    base = config.require("PUBLIC_ASSET_BASE").rstrip("/")
    is_posted = post.stands in ("posted", "deleting", "deleted")
    problem = post.change_error if post.change in ("failed", "undeleted") else post.error_text
    return PostAnswer(
        id=post.id,
        channel_id=post.channel_id,
        channel=post.title,
        state=post.stands,
        change=post.change,
        problem=None if is_posted and not post.change else problem,
        due_at=post.due_at,
        posted_at=post.finished_at if is_posted else None,
        caption=post.caption,
        code=post.code,
        picture_url=f"{base}/{post.object_key}",
        link=post.link,
        author=post.author,
        created_at=post.created_at,
    )
