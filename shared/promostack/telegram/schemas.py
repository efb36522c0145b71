"""Telegram's update, tolerant of everything that a newer Bot API adds."""

from collections.abc import Mapping
from typing import Any, Self

from promostack.core.errors import Unprocessable

_MOST = 2**63


class Update:
    """An update as Telegram sent it; only its id is needed to store it.

    No pydantic model: importing that costs a fresh process more than all the rest of a duplicate.
    """

    def __init__(self, update_id: int, as_sent: Mapping[str, Any]) -> None:
        self.update_id = update_id
        self.as_sent = as_sent

    @classmethod
    def model_validate(cls, obj: Any, /) -> Self:
        """The parsed body as an update; raises Unprocessable."""
        if not isinstance(obj, dict):
            raise Unprocessable("Check these fields: body.", fields={"body": "An update is an object."})
        update_id = obj.get("update_id")
        if type(update_id) is not int or not 0 <= update_id < _MOST:
            fields = {"update_id": "An update has a number."}
            raise Unprocessable("Check these fields: update_id.", fields=fields)
        return cls(update_id, obj)
