"""Refusals. The caller gets a code and no detail; `reason` goes to the record that support reads."""

from promostack.core.errors import Forbidden, NotFound, Unauthorized, Unavailable


class NotSignedIn(Unauthorized):
    """No identity, or one that does not hold."""

    code = "not_signed_in"

    def __init__(self, reason: str) -> None:
        super().__init__("Sign in to go on.")
        self.reason = reason


class SessionExpired(NotSignedIn):
    """A genuine token whose time is over: the page fetches a new one."""

    code = "session_expired"


class NotAllowed(Forbidden):
    """Signed in, but without the right."""

    code = "not_allowed"

    def __init__(
        self, reason: str, message: str = "You are not allowed to do that; an owner of the account can."
    ) -> None:
        super().__init__(message)
        self.reason = reason


class ReadOnly(Forbidden):
    """Who visits looks and does not touch."""

    code = "read_only"
    reason = "visit_reads_only"

    def __init__(self) -> None:
        super().__init__("You are looking into this account for the platform: you can read and not change anything.")


class NoSuchTenant(NotFound):
    """Not one of the caller's tenants; the same answer as for one that does not exist."""

    code = "tenant_not_found"

    def __init__(self, reason: str = "foreign_tenant") -> None:
        super().__init__("There is no such account.")
        self.reason = reason


class IdentityUnavailable(Unavailable):
    """The identity provider's keys cannot be had and none are known."""

    code = "identity_unavailable"
