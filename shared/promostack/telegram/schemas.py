"""Telegram's update, tolerant of everything that a newer Bot API adds."""

from typing import Any

from pydantic import BaseModel, ConfigDict


class Update(BaseModel):
    """Only the id is needed to store it; the rest is kept as it came."""

    model_config = ConfigDict(extra="allow")

    update_id: int

    def as_sent(self) -> dict[str, Any]:
        """The update as Telegram sent it."""
        return self.model_dump()
