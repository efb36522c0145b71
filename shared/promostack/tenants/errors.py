"""What can be wrong with a tenant, its people and its settings."""

from promostack.core.errors import Conflict, Forbidden, NotFound, Unprocessable


class TenantNotFound(NotFound):
    """No tenant has that slug or id."""

    code = "tenant_not_found"


class ForeignTenant(TenantNotFound):
    """Not one of the person's tenants: told like one that does not exist, recorded for support."""

    reason = "foreign_tenant"

    def __init__(self) -> None:
        super().__init__("There is no such account.")


class TenantPaused(Forbidden):
    """The tenant is suspended. Its visitors are not told why."""

    code = "tenant_suspended"

    def __init__(self) -> None:
        super().__init__("This page is paused. Try again another day.")


class TenantSuspended(Forbidden):
    """The account is suspended; its members are told so, and nothing else works."""

    code = "tenant_suspended"
    reason = "tenant_suspended"

    def __init__(self) -> None:
        super().__init__("This account is suspended. Ask the platform's support why.")


class TenantClosing(Forbidden):
    """The account is to be deleted; nothing works but taking its data along and taking the deletion back."""

    code = "tenant_closing"
    reason = "tenant_closing"

    def __init__(self) -> None:
        super().__init__("This account is to be deleted. Its owner can take that back in the dashboard.")


def refuse_state(state: str, *, while_closing: bool = False) -> None:
    """Raises TenantSuspended or TenantClosing for a tenant in which nobody works; `while_closing` lets the latter."""
    if state == "closing" and not while_closing:
        raise TenantClosing
    if state not in ("active", "closing"):
        raise TenantSuspended


class EmailNotVerified(Forbidden):
    """A workspace belongs to somebody who can be reached."""

    code = "email_not_verified"
    reason = "email_not_verified"

    def __init__(self) -> None:
        super().__init__("Verify your e-mail address first, then create your workspace.")


class MemberNotFound(NotFound):
    """Nobody of this tenant has that id."""

    code = "member_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such member; the list may have changed meanwhile.")


class AlreadyMember(Conflict):
    """The invited person has a place already."""

    code = "already_member"

    def __init__(self) -> None:
        super().__init__("Somebody with this address is a member already; change the role in the list of members.")


class InvitationNotFound(NotFound):
    """No open invitation of that id, or one to another address."""

    code = "invitation_not_found"

    def __init__(self) -> None:
        super().__init__(
            "No such invitation is open for your address. Ask for a new one, or sign in with the address it is for."
        )


class OwnerStays(Conflict):
    """The owner's place is neither changed nor left: a tenant without an owner could not be managed."""

    code = "owner_stays"

    def __init__(self) -> None:
        super().__init__("The owner's place cannot be changed, and the owner cannot leave.")


class RoleTooLow(Forbidden):
    """The person's role, as it is at this moment, does not cover the change."""

    code = "not_allowed"
    reason = "role_lacks_permission"

    def __init__(self) -> None:
        super().__init__("You are not allowed to do that; an owner of the account can.")


class SettingsRefused(Unprocessable):
    """A setting that cannot be; `fields` says for each what it wants."""


class AlreadySuspended(Conflict):
    """Somebody was faster; the first reason stands."""

    code = "already_suspended"

    def __init__(self) -> None:
        super().__init__("This tenant is suspended already.")


class ClosingAlready(Conflict):
    """A tenant that is to be deleted is stopped as it is."""

    code = "tenant_closing"

    def __init__(self) -> None:
        super().__init__("This tenant is to be deleted: nothing of it runs any more. Take the deletion back first.")


class NotSuspended(Conflict):
    """There is nothing to resume."""

    code = "not_suspended"

    def __init__(self) -> None:
        super().__init__("This tenant is not suspended.")
