"""What cannot be counted."""

from promostack.core.errors import NotFound, Unprocessable


class PeriodRefused(Unprocessable):
    """The days asked for are none, too many, or too many for hours; `fields` names what to change."""

    code = "period_refused"


class BotMissing(NotFound):
    """The tenant has no such bot."""

    code = "bot_not_found"


class PersonMissing(NotFound):
    """The tenant's bots have never met such a person."""

    code = "person_not_found"


class TableMissing(NotFound):
    """There is no table of that name to take along."""

    code = "table_not_found"
