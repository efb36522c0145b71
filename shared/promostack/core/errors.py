"""Errors as the caller sees them: each class carries its HTTP status, a stable code and whether trying again can help.

Domains subclass these beside the rule they guard; `app.endpoint` turns them into answers in one place.
"""

from collections.abc import Mapping


class PromoError(Exception):
    """An error with a message meant for its reader. `fields` maps a field's path to what is wrong with it."""

    status = 500
    code = "internal"
    retryable = False

    def __init__(
        self, message: str, *, fields: Mapping[str, str] | None = None, retry_after_s: float | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.fields = dict(fields) if fields else None
        self.retry_after_s = retry_after_s


class BadRequest(PromoError):
    status = 400
    code = "bad_request"


class Unauthorized(PromoError):
    status = 401
    code = "unauthorized"


class Forbidden(PromoError):
    status = 403
    code = "forbidden"


class NotFound(PromoError):
    status = 404
    code = "not_found"


class MethodNotAllowed(PromoError):
    status = 405
    code = "method_not_allowed"


class Conflict(PromoError):
    status = 409
    code = "conflict"


class PayloadTooLarge(PromoError):
    status = 413
    code = "payload_too_large"


class Unprocessable(PromoError):
    status = 422
    code = "unprocessable"


class TooManyRequests(PromoError):
    status = 429
    code = "too_many_requests"
    retryable = True


class Unavailable(PromoError):
    status = 503
    code = "unavailable"
    retryable = True
