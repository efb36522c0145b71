"""What the conversation asks the rest of the house for, outside any transaction."""

from collections.abc import Mapping
from typing import Protocol

from promostack.telegram.models import GalleryEntry, Picture


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

    def show_rendering(self) -> None:
        """Shows "sending a photo" in the chat; never raises."""
        ...
