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


READ = sorted({name for name in variables_read() if re.fullmatch(r"[A-Z][A-Z0-9_]+", str(name))})


def test_the_readers_are_found() -> None:
    assert {"DATABASE_URL", "SPACES_ENDPOINT", "FUNDERPRO_API_BASE"} <= set(READ)


@pytest.mark.parametrize("name", READ)
def test_a_variable_is_explained_at_the_anchor_that_its_error_names(name: str) -> None:
    assert f'<a id="{name.lower().replace("_", "-")}"></a>' in SETUP
    assert f"`{name}`" in SETUP


def test_nothing_is_explained_that_nobody_reads() -> None:
    explained = {name for heading in re.findall(r"^### (.+)$", SETUP, re.M) for name in re.findall(r"`(\w+)`", heading)}
    assert explained == set(READ)
