"""What vendors call."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from scripts.local.api.operation import Operation


class Update(BaseModel):
    """Only the id is needed to store it; the rest is kept as it came."""

    model_config = ConfigDict(extra="allow")

    update_id: int


OPERATIONS = (
    Operation(
        "post",
        "/hooks/telegram-webhook/{bot}",
        "Telegram's updates",
        {"type": "object", "required": ["status"], "properties": {"status": {"type": "string"}}},
        tag="hooks",
        body=Update,
        path_values={"bot": "the opaque id that the bot's webhook was registered with"},
        header_values={"X-Telegram-Bot-Api-Secret-Token": "the secret that the bot's webhook was registered with"},
        errors={401: "the secret is wrong; nothing was stored", 404: "no such bot, or nothing at this address"},
    ),
)
