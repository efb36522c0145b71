"""Why a picture is not taken."""

from promostack.core.errors import PromoError


class PictureRefused(PromoError):
    """A file that is no picture we take; `reason` says why, for its owner, as what follows "because"."""

    code = "picture_refused"

    def __init__(self, reason: str) -> None:
        super().__init__(f"The file was refused: {reason}.")
        self.why = reason
