"""Finds the plug-ins of a folder. A file that cannot be used becomes a problem record, never an exception."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import inspect
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from promostack.signals import guard
from promostack.signals.frame import guard_ta
from promostack.signals.intervals import INTERVALS
from strategies.base_strategy import CONTRACT, BaseStrategy, StrategyParams

FOLDER = Path(__file__).resolve().parent
NOT_PLUGINS = {"__init__.py", "base_strategy.py", "strategy_loader.py"}
# What a rule on prices needs. Everything else would reach the clock, chance, files or the network.
IMPORTS = frozenset(
    {
        "__future__", "abc", "bisect", "collections", "dataclasses", "datetime", "decimal", "enum", "fractions",
        "functools", "itertools", "math", "numpy", "operator", "pandas", "pydantic", "statistics",
        "strategies", "ta", "typing",
    }
)  # fmt: skip
# Of the library, what computes and does not reach out.
OURS = ("bars", "conditions", "contract", "indicators", "intervals", "levels", "rule_sets")
FORBIDDEN_NAMES = frozenset(
    {"open", "exec", "eval", "compile", "__import__", "input", "globals", "vars", "breakpoint", "id", "hash"}
)
FORBIDDEN_ATTRIBUTES = frozenset(
    {
        "now", "today", "utcnow", "random", "base", "history", "ctypes", "load", "loadtxt", "genfromtxt", "fromfile",
        "memmap", "read_csv", "read_json", "read_pickle", "read_parquet", "read_sql", "to_csv", "to_pickle", "urandom",
        "tofile", "save", "savez", "setflags", "__dict__", "__globals__", "__builtins__", "__subclasses__",
    }
)  # fmt: skip
_KEY = re.compile(r"[a-z][a-z0-9_]{1,39}")


@dataclass(frozen=True)
class Problem:
    """Why a file is not used. `kind`: broken, outdated (made for another contract), incomplete, impure or doubled."""

    file: str
    kind: str
    message: str


class _Unusable(Exception):
    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def load_strategies(folder: Path = FOLDER) -> tuple[dict[str, type[BaseStrategy]], list[Problem]]:
    """The strategies of the folder by key, in the order of their files, and a problem for each file that has none."""
    strategies: dict[str, type[BaseStrategy]] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.py")):
        if path.name in NOT_PLUGINS or path.name.startswith("_"):
            continue
        try:
            found = _load(path)
            if found.key in strategies:
                raise _Unusable("doubled", f"the key {found.key!r} is taken by another file")
            strategies[found.key] = found
        except _Unusable as unusable:
            problems.append(Problem(path.name, unusable.kind, str(unusable)))
    return strategies, problems


def impurities(source: str) -> list[str]:
    """What the code reaches for beside its bars, by line: a rule that another run could answer differently."""
    return sorted({f"line {line}: {what}" for line, what in _reaches(ast.parse(source))})


def _load(path: Path) -> type[BaseStrategy]:
    source = _read(path)
    if reached := impurities(source):
        raise _Unusable("impure", "; ".join(reached))
    module = _import(path)
    found = [
        each
        for each in vars(module).values()
        if inspect.isclass(each) and issubclass(each, BaseStrategy) and each.__module__ == module.__name__
    ]
    if len(found) != 1:
        raise _Unusable("incomplete", f"one subclass of BaseStrategy is needed; there are {len(found)}")
    strategy = found[0]
    _check(strategy)
    strategy.version = hashlib.sha256(source.encode()).hexdigest()[:12]
    if any(name.split(".")[0] == "ta" for name in _imported(ast.parse(source))):
        guard_ta()
    return strategy


def _read(path: Path) -> str:
    try:
        source = path.read_text(encoding="utf-8")
        ast.parse(source)
    except (OSError, UnicodeDecodeError, SyntaxError, ValueError) as error:
        raise _Unusable("broken", f"{type(error).__name__}: {error}") from error
    return source


def _import(path: Path) -> ModuleType:
    """Under a name of its own, so that two folders may hold files of the same name."""
    name = f"strategies.loaded.{hashlib.sha256(str(path).encode()).hexdigest()[:8]}_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses and pydantic look their module up
    _, problem = guard.run(path.name, lambda: spec.loader.exec_module(module))
    if problem is not None:
        del sys.modules[name]
        raise _Unusable("broken", problem.message)
    return module


def _check(strategy: type[BaseStrategy]) -> None:
    if strategy.contract != CONTRACT:
        raise _Unusable(
            "outdated",
            f"written for contract {strategy.contract}, this is {CONTRACT}; strategies/README.md says what changed",
        )
    if inspect.isabstract(strategy):
        missing = ", ".join(sorted(strategy.__abstractmethods__))
        raise _Unusable("outdated", f"it does not define {missing}(); strategies/README.md shows the contract")
    faults = [f"{name} is missing" for name in ("key", "name", "description") if not _text(strategy, name)]
    if not faults and not _KEY.fullmatch(strategy.key):
        faults.append(f"key {strategy.key!r} is not lower case letters, digits and _")
    faults += [
        f"interval {each!r} is none of {', '.join(INTERVALS)}"
        for each in (strategy.interval, *strategy.intervals)
        if each not in INTERVALS
    ]
    if not (inspect.isclass(strategy.params) and issubclass(strategy.params, StrategyParams)):
        faults.append("params is not a subclass of StrategyParams")
    if faults:
        raise _Unusable("incomplete", "; ".join(faults))
    _, problem = guard.run(strategy.key, strategy)
    if problem is not None:
        raise _Unusable("broken", f"it cannot be made with its defaults: {problem.message}")


def _text(strategy: type[BaseStrategy], name: str) -> bool:
    value: Any = getattr(strategy, name, None)
    return isinstance(value, str) and bool(value.strip())


def _imported(tree: ast.Module) -> Iterator[str]:
    """Dotted names, `from a import b` as a.b; a relative import begins with a dot."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = "." * node.level + (f"{node.module}." if node.module else "")
            yield from (f"{origin}{alias.name}" for alias in node.names)


def _may_import(name: str) -> bool:
    if name.startswith("promostack."):
        return any(f"{name}.".startswith(f"promostack.signals.{part}.") for part in OURS)
    return name.split(".")[0] in IMPORTS


def _reaches(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for name in _imported(ast.Module(body=[node], type_ignores=[])):
                if not _may_import(name):
                    yield node.lineno, f"imports {name}"
        elif isinstance(node, ast.Name) and node.id in FORBIDDEN_NAMES:
            yield node.lineno, f"uses {node.id}"
        elif isinstance(node, ast.Attribute) and node.attr in FORBIDDEN_ATTRIBUTES:
            yield node.lineno, f"uses .{node.attr}"
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            yield node.lineno, f"changes {', '.join(node.names)} outside its function"
