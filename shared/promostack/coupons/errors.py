"""What stops a check."""

from promostack.core.errors import Conflict, NotFound, TooManyRequests, Unavailable, Unprocessable


class ProviderUnavailable(Unavailable):
    """The provider did not answer, or asks us to come back later; trying again may help."""

    code = "provider_unavailable"


class TooManyGuesses(TooManyRequests):
    """The actor has tried more wrong codes within the hour than a person does."""

    code = "too_many_guesses"


class CodeExists(Conflict):
    """The tenant has a code of that text."""

    code = "code_exists"


class CodeMissing(NotFound):
    """The tenant has no code of that text."""

    code = "code_not_found"


class CodeNotRedeemable(Conflict):
    """A limit of the code stands against this redemption; `fields` names it."""

    code = "code_not_redeemable"


class LimitsBelowUse(Conflict):
    """The code was used more already than the new limits would allow."""

    code = "limits_below_use"


class OrderReleased(Conflict):
    """The order's redemption was given back before."""

    code = "order_released"


class ProvidersRefused(Unprocessable):
    """The order of providers cannot be kept."""


class TermsRefused(Unprocessable):
    """The terms of a code contradict each other; `fields` names what to change."""
