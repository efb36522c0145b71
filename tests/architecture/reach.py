"""Which code a function can reach, read from the source without running it.

A symbol (module, name) is reachable when reachable code mentions it; a module's top-level statements are reachable when
something of it is. Methods go with their class. Imports inside functions count only when the function is reachable, so
a lazy composition root gives each function only what it asks for.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "shared"
OURS = ("promostack", "strategies")
# Whoever loads the plug-ins reaches each of them.
PLUGINS = "strategies.strategy_loader"
_READERS = {"require", "optional", "listed"}
_VARIABLE = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+")


@dataclass
class Module:
    name: str
    tree: ast.Module
    definitions: dict[str, ast.FunctionDef | ast.ClassDef] = field(default_factory=dict)
    """Top-level functions and classes: reachable only when named."""

    @cached_property
    def names(self) -> dict[str, tuple[str, str | None]]:
        """What its top level imports, as `_imported` gives it."""
        return _imported([node for node in self.tree.body if node not in self.definitions.values()])


@dataclass
class Reach:
    modules: set[str] = field(default_factory=set)
    symbols: set[tuple[str, str]] = field(default_factory=set)
    variables: set[str] = field(default_factory=set)
    outside: set[str] = field(default_factory=set)
    """Top-level names of imported packages that are not ours."""


@cache
def parse(name: str) -> Module | None:
    """The module of that dotted name, or None when it is not ours."""
    base = (ROOT if name.split(".")[0] == "strategies" else LIBRARY) / name.replace(".", "/")
    path = base / "__init__.py" if base.is_dir() else base.with_suffix(".py")
    return _module(name, path) if path.is_file() else None


def _module(name: str, path: Path) -> Module:
    module = Module(name, ast.parse(path.read_text(), str(path)))
    for statement in module.tree.body:
        if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            module.definitions[statement.name] = statement
    return module


@cache
def from_function(folder: Path) -> Reach:
    """Everything that a function's `__main__.py` can reach: all of that file counts as reachable."""
    entry = _module("main__", folder / "__main__.py")
    walk = _Walk()
    walk.scan(entry, entry.tree.body)
    return walk.reach


class _Walk:
    def __init__(self) -> None:
        self.reach = Reach()

    def scan(self, module: Module, nodes: list[ast.stmt]) -> None:
        """Follow what these statements of `module` mention."""
        names = {**module.names, **_imported(nodes)}
        for node in nodes:
            self._imports(node)
            self._mentions(module, node, names)
            self.reach.variables |= _variables(node, names)

    def enter(self, name: str) -> None:
        """A module is imported: its parents and its top level run."""
        parent, _, _ = name.rpartition(".")
        if parent:
            self.enter(parent)
        module = parse(name)
        if module is None or name in self.reach.modules:
            return
        self.reach.modules.add(name)
        self.scan(module, [node for node in module.tree.body if node not in module.definitions.values()])
        if name == PLUGINS:
            for path in sorted((ROOT / "strategies").glob("*.py")):
                self.whole(f"strategies.{path.stem}")
        for definition in module.definitions.values():  # bases and decorators run at import
            self._mentions(module, _without_body(definition), module.names)
            if _is_registered(definition):
                self.use(name, definition.name)

    def whole(self, name: str) -> None:
        """All that a module defines is reachable."""
        self.enter(name)
        module = parse(name)
        for definition in module.definitions if module else ():
            self.use(name, definition)

    def use(self, module_name: str, name: str) -> None:
        """Reachable code mentions `name` of a module of ours."""
        if parse(f"{module_name}.{name}") is not None:
            self.enter(f"{module_name}.{name}")
            return
        module = parse(module_name)
        if module is None or (module_name, name) in self.reach.symbols:
            return
        self.reach.symbols.add((module_name, name))
        self.enter(module_name)
        if name in module.definitions:
            self.scan(module, [module.definitions[name]])
        elif target := module.names.get(name):
            self._follow(target)

    def _imports(self, node: ast.AST) -> None:
        for statement in _imports_within(node):
            names = [a.name for a in statement.names] if isinstance(statement, ast.Import) else [statement.module or ""]
            for name in names:
                if name.split(".")[0] in OURS:
                    self.enter(name)
                else:
                    self.reach.outside.add(name.split(".")[0])

    def _mentions(self, module: Module, node: ast.AST, names: dict[str, tuple[str, str | None]]) -> None:
        for child in _within(node):
            if isinstance(child, ast.Attribute) and (found := _module_of(child.value, names)):
                self.use(found, child.attr)
            elif isinstance(child, ast.Name):
                if child.id in module.definitions and module.name != "main__":
                    self.use(module.name, child.id)
                elif child.id in names:
                    self._follow(names[child.id])

    def _follow(self, target: tuple[str, str | None]) -> None:
        module_name, name = target
        if name is not None and module_name.split(".")[0] in OURS:
            self.use(module_name, name)


@cache  # many functions reach the same code
def _within(node: ast.AST) -> list[ast.Attribute | ast.Call | ast.Name]:
    """Where that code may mention something."""
    return [child for child in ast.walk(node) if isinstance(child, ast.Attribute | ast.Call | ast.Name)]


@cache
def _imports_within(node: ast.AST) -> list[ast.Import | ast.ImportFrom]:
    return list(_import_statements(node))


def _import_statements(node: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """Imports that run: those under TYPE_CHECKING do not, and what may be missing is not bundled."""
    pending = [node]
    while pending:
        node = pending.pop()
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield node
        elif isinstance(node, ast.Try) and any(_is_import_error(handler) for handler in node.handlers):
            pending.extend([*node.handlers, *node.orelse, *node.finalbody])
        elif not (isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")):
            pending.extend(ast.iter_child_nodes(node))


def _is_import_error(handler: ast.ExceptHandler) -> bool:
    return isinstance(handler.type, ast.Name) and handler.type.id == "ImportError"


def _imported(nodes: list[ast.stmt]) -> dict[str, tuple[str, str | None]]:
    """Local name -> (module, name in it); None for a whole module."""
    found: dict[str, tuple[str, str | None]] = {}
    for statement in (statement for node in nodes for statement in _imports_within(node)):
        for alias in statement.names:
            if isinstance(statement, ast.Import):
                found[alias.asname or alias.name.split(".")[0]] = (alias.name, None)
            else:
                found[alias.asname or alias.name] = (statement.module or "", alias.name)
    return found


def _module_of(node: ast.AST, names: dict[str, tuple[str, str | None]]) -> str | None:
    """The dotted name of our module that an expression denotes."""
    if not isinstance(node, ast.Name) or node.id not in names:
        return None
    module_name, name = names[node.id]
    dotted = module_name if name is None else f"{module_name}.{name}"
    return dotted if dotted.startswith(OURS) and parse(dotted) is not None else None


def _is_registered(definition: ast.AST) -> bool:
    """Handed to an object when the module is imported, as `@endpoint.get(…)` does."""
    decorators = getattr(definition, "decorator_list", [])
    return any(isinstance(item, ast.Call) and isinstance(item.func, ast.Attribute) for item in decorators)


def _without_body(definition: ast.AST) -> ast.AST:
    parts: list[ast.AST] = [*getattr(definition, "decorator_list", []), *getattr(definition, "bases", [])]
    return ast.Module(body=[ast.Expr(part) for part in parts], type_ignores=[])


def _variables(node: ast.AST, names: dict[str, tuple[str, str | None]]) -> set[str]:
    """Names of variables that the code asks `core.config` for; for a computed name, all that look like one."""
    found: set[str] = set()
    for call in (child for child in _within(node) if isinstance(child, ast.Call) and child.args):
        if not _is_config_reader(call.func, names):
            continue
        argument = call.args[0]
        source = argument if isinstance(argument, ast.Constant) else node
        constants = (child.value for child in ast.walk(source) if isinstance(child, ast.Constant))
        found |= {value for value in constants if isinstance(value, str) and _VARIABLE.fullmatch(value)}
    return found


def _is_config_reader(function: ast.AST, names: dict[str, tuple[str, str | None]]) -> bool:
    if isinstance(function, ast.Attribute):
        return function.attr in _READERS and _module_of(function.value, names) == "promostack.core.config"
    target = names.get(function.id) if isinstance(function, ast.Name) else None
    return target is not None and target[0] == "promostack.core.config" and target[1] in _READERS
