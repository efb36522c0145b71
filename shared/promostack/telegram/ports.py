"""What the conversation asks the rest of the house for, outside any transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from promostack.telegram.models import GalleryEntry, Picture
from promostack.telegram.post_models import Channel, NewPost, Post, When


class Posts(Protocol):
    """One person's channels and what is posted in them."""

    def channels(self) -> list[Channel]:
        """Those that he connected, by title."""
        ...

    def connect_link(self) -> str:
        """Where Telegram lets him connect one."""
        ...

    def new_id(self) -> str:
        """A new post's id."""
        ...

    def moment(self, when: When) -> datetime | None:
        """When a post is due that is wanted then; None for now."""
        ...

    def find_twin(self, new: NewPost) -> str | None:
        """When the same is in that channel within a day of the new post, in local time; None when it is not."""
        ...

    def find(self, post_id: str) -> Post | None:
        """A post in one of his channels as it stands now; None for everything else."""
        ...

    def zone(self) -> str:
        """The zone of the tenant's days."""
        ...


class Desk(Protocol):
    """One conversation's view of coupons, templates and rendering. Each method may raise a PromoError."""

    def check_code(self, raw: str) -> tuple[str, str]:
        """(status `valid`, `invalid` or `unknown`; the normalised code). Raises InvalidCode and TooManyRequests."""
        ...

    def gallery(self) -> list[GalleryEntry]:
        """The templates that the bot may show, in the tenant's order."""
        ...

    def render(self, slug: str, format_name: str, code: str) -> Picture:
        """The picture; raises template_not_found, coupon_invalid, coupon_unknown or a rendering error."""
        ...

    def referral_link(self, code: str) -> str:
        """The tenant's link with the code in it, or an empty text."""
        ...

    def qr(self, link: str) -> Picture:
        """The link as a QR code in the store; raises StoreUnavailable."""
        ...

    def own_texts(self, language: str) -> Mapping[str, str]:
        """The tenant's own words in that language, by key."""
        ...

    @property
    def posts(self) -> Posts:
        """The channels of whoever writes."""
        ...

    def show_rendering(self) -> None:
        """Shows "sending a photo" in the chat; never raises."""
        ...
