"""Rules of the house that no linter knows."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "shared" / "promostack"
LIBRARY_FILES = sorted(LIBRARY.rglob("*.py"))

# Heavy packages: the only place that may import each, always inside a function, so that a cold start pays for what it
# uses. A name that ends in / is a folder.
IMPORTERS = {
    "PIL": "rendering/",
    "uharfbuzz": "rendering/",
    "freetype": "rendering/",
    "resvg_py": "rendering/",
    "defusedxml": "rendering/",
    "boto3": "integrations/spaces.py",
    "botocore": "integrations/spaces.py",
    "telegram": "integrations/telegram_bot.py",
    "httpx": "integrations/telegram_bot.py",
    "openai": "integrations/openai_writer.py",
    "psycopg2": "db/",
    "requests": "core/http.py",
    "cryptography": "core/crypto.py",
    "jwt": "auth/sessions.py",
    "argon2": "auth/passwords.py",
    "numpy": "signals/",
    "pandas": "signals/frame.py",
    "ta": "signals/frame.py",
}
LAZY = set(IMPORTERS) - {"PIL", "uharfbuzz", "freetype", "jwt", "numpy"}
# Who may go on after any exception, and why.
SWALLOWERS = {
    "app/endpoint.py": "a bug becomes a 500 without its text",
    "app/maintenance.py": "a bug in one job is counted as a failed batch, and the others go on",
    "app/schedule.py": "a bug in one kind of periodic work is counted, and the others go on",
    "app/worker.py": "a bug ends the job as failed",
    "signals/guard.py": "a strategy that raises is recorded, and the others go on",
    "telegram/updates.py": "a poison update is parked after three tries, or it would block its chat for a day",
}
# A file over the limit says why it is one.
LONG_FILES = {
    "rendering/layout.py": "one algorithm in the order of decision 0004, beside its JavaScript twin",
    "templates/document.py": "the document's models, read as one schema",
}
MOST_LINES = 300


@cache
def imports(path: Path) -> list[tuple[str, bool]]:
    """(top-level package, imported when the module is) of each import."""
    tree = ast.parse(path.read_text())
    found = []
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        found += [(name.split(".")[0], node in tree.body) for name in names]
    return found


def place(path: Path) -> str:
    return path.relative_to(LIBRARY).as_posix()


@pytest.mark.parametrize(("package", "home"), IMPORTERS.items())
def test_heavy_package_is_imported_in_one_place(package: str, home: str) -> None:
    for path in LIBRARY_FILES:
        here = [at_import for name, at_import in imports(path) if name == package]
        if here and not place(path).startswith(home):
            pytest.fail(f"{place(path)} imports {package}; only {home} may")
        if any(here) and package in LAZY:
            pytest.fail(f"{place(path)} imports {package} when it is imported; import it where it is used")


def test_only_the_configuration_reads_the_environment() -> None:
    readers = [
        place(path)
        for path in LIBRARY_FILES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in {("os", "environ"), ("os", "getenv")}
    ]
    assert set(readers) == {"core/config.py"}


def test_only_the_edges_swallow_everything() -> None:
    catchers = {
        place(path)
        for path in LIBRARY_FILES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ExceptHandler) and (node.type is None or ast.unparse(node.type) == "Exception")
        if not isinstance(node.body[-1], ast.Raise)
    }
    assert catchers <= set(SWALLOWERS)


def test_files_stay_readable() -> None:
    long = {place(path) for path in LIBRARY_FILES if len(path.read_text().splitlines()) > MOST_LINES}
    assert long <= set(LONG_FILES)


def test_every_declared_route_has_an_access_rule() -> None:
    """The endpoint refuses to start without one; this names the file before anything runs."""
    for path in sorted((ROOT / "packages").glob("*/*/__main__.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                for route in (call for call in node.decorator_list if isinstance(call, ast.Call)):
                    assert "access" in {keyword.arg for keyword in route.keywords}, path
