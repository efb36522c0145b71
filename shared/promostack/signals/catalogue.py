"""The strategies that a tenant chooses from, as the plug-ins themselves describe them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from promostack.signals.errors import ParametersRefused, StrategyUnknown
from promostack.signals.parameters import Parameter, faults, parameters_of

Load = Callable[[], tuple[Mapping[str, Any], Any]]


@dataclass(frozen=True)
class Card:
    """What a tenant reads before he chooses. `tried_first`: it is activated once it was tried on stored bars."""

    key: str
    name: str
    description: str
    interval: str
    intervals: tuple[str, ...]
    warmup_bars: int
    tried_first: bool
    parameters: tuple[Parameter, ...]


class Catalogue:
    """`load`: the loader of the folder, asked once. Files that cannot be used stand in `problems`."""

    def __init__(self, load: Load) -> None:
        self._load = load

    @cached_property
    def _found(self) -> tuple[Mapping[str, Any], Any]:
        return self._load()

    def cards(self) -> list[Card]:
        return [_card(each) for each in self._found[0].values()]

    def problems(self) -> list[tuple[str, str]]:
        """(file, why it is not used)."""
        return [(each.file, each.message) for each in self._found[1]]

    def make(self, key: str, params: Mapping[str, Any]) -> Any:
        """The strategy with these parameters. Raises StrategyUnknown, and ParametersRefused with the bounds."""
        found = self._found[0]
        if key not in found:
            raise StrategyUnknown(f"There is no strategy {key!r}.")
        try:
            return found[key](params)
        except ValidationError as error:
            fields = {f"params.{name}": text for name, text in faults(error, parameters_of(found[key].params)).items()}
            told = "; ".join(f"{name.removeprefix('params.')}: {text}" for name, text in fields.items())
            raise ParametersRefused(f"Check the parameters. {told}.", fields=fields) from error


def _card(strategy: Any) -> Card:
    return Card(
        key=strategy.key,
        name=strategy.name,
        description=strategy.description,
        interval=strategy.interval,
        intervals=tuple(strategy.intervals),
        warmup_bars=strategy.warmup_bars,
        tried_first=strategy.tried_first,
        parameters=parameters_of(strategy.params),
    )
