"""Configuration: the only reader of the environment.

DigitalOcean refuses empty variables in `project.yml`, so an optional one that is not wanted is set to `off`.
"""

import os
from functools import cache

from promostack.core.errors import Unavailable

OFF = "off"


class ConfigMissing(Unavailable):
    """A variable that this function needs is not set. The message is for the operator's log, never for a client."""

    code = "not_configured"


@cache
def optional(name: str) -> str | None:
    """The variable's value, or None when it is missing, empty or `off`. Read once per process."""
    value = os.environ.get(name, "").strip()
    return None if value in ("", OFF) else value


def require(name: str) -> str:
    """The variable's value; raises ConfigMissing naming it and where it is explained."""
    value = optional(name)
    if value is None:
        raise ConfigMissing(f"{name} is not set; see docs/setup.md#{name.lower().replace('_', '-')}")
    return value


def listed(name: str) -> tuple[str, ...]:
    """A comma-separated variable as a tuple without blanks; empty when it is not set."""
    return tuple(part.strip() for part in (optional(name) or "").split(",") if part.strip())
