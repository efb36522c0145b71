"""Every variable that the code asks for is explained where the code says it is."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SETUP = (ROOT / "docs" / "setup.md").read_text()
READERS = {"require", "optional", "listed"}


def variables_read() -> Iterator[str]:
    """Names given to `core.config`, anywhere in the library and in the scripts that are Python."""
    files = [*(ROOT / "shared" / "promostack").rglob("*.py"), *(ROOT / "scripts" / "local").rglob("*.py")]
    for path in [*files, ROOT / "scripts" / "migrate"]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in READERS:
                yield from (each.value for each in node.args if isinstance(each, ast.Constant) and each.value)


@pytest.fixture(scope="module")
def read() -> set[str]:
    return {name for name in variables_read() if re.fullmatch(r"[A-Z][A-Z0-9_]+", str(name))}


def test_the_readers_are_found(read: set[str]) -> None:
    assert {"DATABASE_URL", "SPACES_ENDPOINT", "FUNDERPRO_API_BASE"} <= read


def test_a_variable_is_explained_at_the_anchor_that_its_error_names(read: set[str]) -> None:
    anchors = {name for name in read if f'<a id="{name.lower().replace("_", "-")}"></a>' not in SETUP}
    assert anchors == set()
    assert {name for name in read if f"`{name}`" not in SETUP} == set()


def test_nothing_is_explained_that_nobody_reads(read: set[str]) -> None:
    explained = {name for heading in re.findall(r"^### (.+)$", SETUP, re.M) for name in re.findall(r"`(\w+)`", heading)}
    assert explained == read
