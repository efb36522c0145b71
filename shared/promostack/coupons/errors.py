"""What stops a check."""

from promostack.core.errors import TooManyRequests, Unavailable


class ProviderUnavailable(Unavailable):
    """The provider did not answer, or asks us to come back later; trying again may help."""

    code = "provider_unavailable"


class TooManyGuesses(TooManyRequests):
    """The actor has tried more wrong codes within the hour than a person does."""

    code = "too_many_guesses"
