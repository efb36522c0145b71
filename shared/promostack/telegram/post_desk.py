"""The conversation's view of channels and posts: those of one person with one bot."""

from datetime import datetime
from functools import cached_property

from promostack.core import ids
from promostack.db.uow import unit_of_work
from promostack.telegram import channels, posts
from promostack.telegram.models import Bot
from promostack.telegram.post_models import Channel, NewPost, Post, When
from promostack.tenants import service as tenants


class PostDesk:
    """Answers in short transactions of its own, anew each time: a plan that has become wrong is made again."""

    def __init__(self, bot: Bot, user_id: int) -> None:
        self._bot = bot
        self._user_id = user_id

    def channels(self) -> list[Channel]:
        with unit_of_work(self._bot.tenant_id) as tx:
            return channels.list_channels(tx, self._bot.tenant_id, of_bot=self._bot.id, of_person=self._user_id)

    def connect_link(self) -> str:
        return channels.connect_link(self._bot.username)

    def new_id(self) -> str:
        return ids.new_id()

    def moment(self, when: When) -> datetime | None:
        zone = self._zone
        with unit_of_work(self._bot.tenant_id) as tx:
            return posts.moment_of(tx, when, zone)

    def find_twin(self, new: NewPost) -> str | None:
        zone = self._zone
        with unit_of_work(self._bot.tenant_id) as tx:
            return posts.find_twin(tx, self._bot.tenant_id, new, zone=zone, due_at=new.due_at)

    def find(self, post_id: str) -> Post | None:
        if not ids.is_id(post_id):
            return None
        zone = self._zone
        with unit_of_work(self._bot.tenant_id) as tx:
            post = posts.find_post(tx, self._bot.tenant_id, post_id, zone=zone)
        return post if post and (post.connected_by, post.bot_id) == (self._user_id, self._bot.id) else None

    def zone(self) -> str:
        return self._zone

    @cached_property
    def _zone(self) -> str:
        return tenants.get_tenant(self._bot.tenant_id).settings.zone
