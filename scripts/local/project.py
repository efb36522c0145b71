"""What project.yml says about each function, as the local tools read it.

The deployer refuses unknown keys and missing variables; here a function that lacks one of the things every function of
this project must state (runtime, web, limits, environment) is refused by name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

ROOT = Path(__file__).resolve().parents[2]
RUNTIME = "python:3.11"
_VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)\}")


class ProjectInvalid(ValueError):
    """project.yml says something that the platform or this project does not allow; the message names the place."""


@dataclass(frozen=True)
class Trigger:
    name: str
    cron: str
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Function:
    """One function. `environment` maps a name to its value as written: a literal or `${NAME}`."""

    package: str
    name: str
    web: Literal["raw"] | bool
    timeout_ms: int
    memory_mb: int
    logs_kb: int
    environment: Mapping[str, str]
    triggers: tuple[Trigger, ...]
    own_cors: bool

    @property
    def path(self) -> str:
        """`package/name`, as in URLs."""
        return f"{self.package}/{self.name}"

    @property
    def folder(self) -> Path:
        return ROOT / "packages" / self.package / self.name

    @property
    def variables(self) -> list[str]:
        """Names that the deploying environment must give (a missing or empty one stops a real deployment)."""
        return sorted({name for value in self.environment.values() for name in _VARIABLE.findall(value)})

    def resolved(self, values: Mapping[str, str]) -> dict[str, str]:
        """The environment that the function gets, `values` filled in. Raises ProjectInvalid naming what is missing."""
        missing = [name for name in self.variables if not values.get(name)]
        if missing:
            raise ProjectInvalid(f"{self.path} needs {', '.join(missing)}: unset or empty")
        return {
            name: _VARIABLE.sub(lambda match: values[match.group(1)], value) for name, value in self.environment.items()
        }


def read(path: Path = ROOT / "project.yml") -> list[Function]:
    """All functions in the file's order. Raises ProjectInvalid."""
    document = yaml.safe_load(path.read_text())
    return [_function(package["name"], raw) for package in document["packages"] for raw in package["functions"]]


def _function(package: str, raw: dict[str, Any]) -> Function:
    place = f"{package}/{raw.get('name', '?')}"
    for key in ("name", "runtime", "web", "limits", "environment"):
        if key not in raw:
            raise ProjectInvalid(f"{place} does not state `{key}` in project.yml")
    if raw["runtime"] != RUNTIME:
        raise ProjectInvalid(f"{place} must run on {RUNTIME}, not {raw['runtime']}")
    limits = raw["limits"]
    return Function(
        package=package,
        name=raw["name"],
        web=raw["web"],
        timeout_ms=limits["timeout"],
        memory_mb=limits["memory"],
        logs_kb=limits["logs"],
        environment=dict(raw["environment"]),
        triggers=tuple(_trigger(trigger) for trigger in raw.get("triggers", [])),
        own_cors=bool(raw.get("annotations", {}).get("web-custom-options")),
    )


def _trigger(raw: dict[str, Any]) -> Trigger:
    details = raw["sourceDetails"]
    return Trigger(name=raw["name"], cron=details["cron"], body=details.get("withBody", {}))
