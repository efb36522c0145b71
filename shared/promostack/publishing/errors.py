"""Why there is no picture."""

from promostack.core.errors import Conflict, NotFound, PromoError, TooManyRequests, Unavailable, Unprocessable


class CouponInvalid(Conflict):
    """The coupon's provider does not accept the code."""

    code = "coupon_invalid"


class CouponUnknown(Unavailable):
    """The coupon's provider gave no usable answer."""

    code = "coupon_unknown"


class FieldsRefused(Unprocessable):
    """A format or field that the template does not take; `fields` names each."""


class TooManyRenders(TooManyRequests):
    """The actor's renders of this minute are used up."""


class TemplateUnavailable(Unavailable):
    """This template cannot be rendered now: one of its assets is missing or damaged. Others are not affected."""

    code = "template_unavailable"


class StoreUnavailable(Unavailable):
    """The object store does not answer, or refuses us."""

    code = "storage_unavailable"


class ObjectMissing(PromoError):
    """The object store has no object of that key."""

    code = "object_missing"

    def __init__(self, key: str) -> None:
        super().__init__(f"There is no object {key}.")
        self.key = key


class ObjectDamaged(ObjectMissing):
    """The object's bytes are not what its hashed name says."""

    code = "object_damaged"


class UploadNotFound(NotFound):
    """The tenant has no such upload."""

    code = "upload_not_found"


class UploadIncomplete(Conflict):
    """The file has not arrived yet, or another one has taken its place while it was looked at."""

    code = "upload_incomplete"


class UploadRefused(Unprocessable):
    """The file is not taken; the message says why. Nothing of it is kept."""

    code = "upload_refused"


class FontNotFound(NotFound):
    """The tenant's library has no such font."""

    code = "font_not_found"


class FontInUse(Conflict):
    """Templates are set in it; the message names them."""

    code = "font_in_use"


class VersionNotFound(NotFound):
    """The template has no version of that number."""

    code = "version_not_found"


class DraftChanged(Conflict):
    """Somebody else saved, published or dropped the draft since the caller looked at it."""

    code = "draft_changed"


class TemplateExists(Conflict):
    """The tenant has a template of that slug."""

    code = "template_exists"


class TemplateUnpublished(NotFound):
    """There is no version of the template that others could be given."""

    code = "template_unpublished"


class BatchRefused(Unprocessable):
    """A list without codes, or more pictures than a batch may have; `fields` says which."""

    code = "batch_refused"


class BatchNotFound(NotFound):
    """The tenant has no such batch."""

    code = "batch_not_found"


class BatchOpen(Conflict):
    """One batch is being made already."""

    code = "batch_open"


class BatchNotReady(Conflict):
    """Not made yet, failed, cancelled, or cleared away again."""

    code = "batch_not_ready"


class BatchOver(Conflict):
    """There is nothing to cancel any more."""

    code = "batch_over"
