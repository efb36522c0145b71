"""project.yml against the folders: what a function is told, may use and bundles is what its code can reach."""

import ast
import importlib.metadata
import re
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts.local import build, project
from tests.architecture import reach

FUNCTIONS = project.read()
# In the image already, but bundled trimmed and compiled: a client then takes half the time of a cold start. What the
# web waits for bundles all that it reaches of the image: requests alone would take 150 ms without .pyc instead of 50.
BUNDLED_ALTHOUGH_IN_IMAGE = {"boto3", "botocore", "jmespath", "s3transfer"}
# Left to the image by all: each alone is larger than a zip may be.
TOO_LARGE_TO_BUNDLE = {"numpy", "pandas"}
# Imported by a distribution only when it is used in a way that this project does not use.
UNUSED = {"pycparser"}
# Parts of a distribution that are asked for by name: RS256 needs the package that PyJWT signs and verifies with.
EXTRAS = {"pyjwt": "crypto"}
MOST_MAIN_LINES = 20
MOST_TRIGGERS = 3
WEB_TIMEOUT_MS = 30_000

each_function = pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.path)


def test_every_folder_is_declared_and_every_declaration_has_its_folder() -> None:
    folders = {f"{path.parent.name}/{path.name}" for path in (project.ROOT / "packages").glob("*/*") if path.is_dir()}
    assert folders == {function.path for function in FUNCTIONS}


def test_one_trigger_starts_everything_periodic() -> None:
    triggers = [(function.path, trigger.cron) for function in FUNCTIONS for trigger in function.triggers]
    assert triggers == [("work/tick", "* * * * *")]
    assert len(triggers) <= MOST_TRIGGERS


@each_function
def test_limits_are_within_the_platforms(function: project.Function) -> None:
    assert 128 <= function.memory_mb <= 1024
    assert function.timeout_ms <= (WEB_TIMEOUT_MS if function.web else 900_000)
    assert function.logs_kb <= 256


@each_function
def test_only_work_is_closed_to_the_web(function: project.Function) -> None:
    assert function.web == (False if function.package == "work" else "raw")


@each_function
def test_every_cors_header_is_ours(function: project.Function) -> None:
    """Without the annotation the platform lets every origin in, before any code of ours runs."""
    assert function.own_cors == bool(function.web)


@each_function
def test_main_is_short_and_plain(function: project.Function) -> None:
    source = (function.folder / "__main__.py").read_text()
    tree = ast.parse(source)
    mains = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "main"]
    assert len(source.splitlines()) <= MOST_MAIN_LINES
    assert [argument.arg for argument in mains[0].args.args] == ["event", "context"]
    assert mains[0].decorator_list == [], "a wrapper with (*a, **k) would be called without arguments"
    assert not any(isinstance(node, ast.ImportFrom) and node.level for node in ast.walk(tree)), "relative import"
    assert "__name__" not in source, "the platform imports the file as main__"


@each_function
def test_environment_is_what_the_code_can_read(function: project.Function) -> None:
    assert sorted(function.environment) == sorted(reach.from_function(function.folder).variables)


def test_only_what_starts_functions_has_the_access_key() -> None:
    assert [f.path for f in FUNCTIONS if "FUNCTIONS_ACCESS_KEY" in f.environment] == ["work/tick", "work/deliver"]


def test_reach_tells_functions_of_one_composition_root_apart() -> None:
    """Both go through app.services; only one of them asks it for a sender with a bucket."""
    tick, deliver = (reach.from_function(project.ROOT / "packages" / "work" / name) for name in ("tick", "deliver"))
    assert "boto3" in deliver.outside
    assert "boto3" not in tick.outside


@each_function
def test_each_variable_is_handed_on_under_its_own_name(function: project.Function) -> None:
    assert function.environment == {name: f"${{{name}}}" for name in function.environment}


@each_function
def test_requirements_are_what_the_code_can_import(function: project.Function) -> None:
    found = reach.from_function(function.folder)
    wanted = _distributions(found.outside - TOO_LARGE_TO_BUNDLE - set(sys.stdlib_module_names))
    left_to_the_image = set() if function.web else set(_pins(build.IMAGE_REQUIREMENTS)) - BUNDLED_ALTHOUGH_IN_IMAGE
    expected = wanted - left_to_the_image
    assert set(_pins(function.folder / "requirements.txt")) == expected


@each_function
def test_pins_agree_with_the_lock(function: project.Function) -> None:
    lock = _pins(project.ROOT / "requirements.txt")
    for name, version in _pins(function.folder / "requirements.txt").items():
        assert version == lock.get(name, importlib.metadata.version(name)), name


def test_bundled_packages_agree_with_the_images() -> None:
    """Half of a package from one place and half from the other would not fit together."""
    image = _pins(build.IMAGE_REQUIREMENTS)
    for function in FUNCTIONS:
        for name, version in _pins(function.folder / "requirements.txt").items():
            assert version == image.get(name, version), name


@each_function
def test_links_are_relative_directories(function: project.Function) -> None:
    links = {path.name: path for path in function.folder.iterdir() if path.is_symlink()}
    modules = reach.from_function(function.folder).modules
    wanted = {"promostack": "../../../shared/promostack"}
    if "promostack.rendering.fonts" in modules:
        wanted["assets"] = "../../../shared/assets"
    if reach.PLUGINS in modules:
        wanted["strategies"] = "../../../strategies"
    assert {name: str(link.readlink()) for name, link in links.items()} == wanted
    for link in links.values():
        assert link.is_dir()


@each_function
def test_build_files_are_the_same_everywhere(function: project.Function) -> None:
    for name in ("build.sh", ".ignore"):
        assert (function.folder / name).read_bytes() == (FUNCTIONS[0].folder / name).read_bytes()
    assert (function.folder / "build.sh").stat().st_mode & 0o111


def test_build_takes_wheels_for_the_images_glibc() -> None:
    script = (FUNCTIONS[0].folder / "build.sh").read_text()
    assert tuple(re.findall(r"--platform (\S+)", script)) == build.GLIBC_PLATFORMS


def test_every_variable_is_explained() -> None:
    explained = (project.ROOT / ".env.example").read_text()
    missing = {name for function in FUNCTIONS for name in function.variables if f"{name}=" not in explained}
    assert missing == set()


def test_a_function_without_web_or_limits_is_refused(tmp_path: Path) -> None:
    text = (project.ROOT / "project.yml").read_text()
    for line in ("        web: raw\n", "        runtime: python:3.11\n"):
        (tmp_path / "project.yml").write_text(text.replace(line, "", 1))
        with pytest.raises(project.ProjectInvalid, match="public/health"):
            project.read(tmp_path / "project.yml")


def _pins(path: Path) -> dict[str, str]:
    pairs = (line.split("==") for line in path.read_text().split() if line)
    return {canonicalize_name(name): version for name, version in pairs}


def _distributions(imports: set[str]) -> set[str]:
    """The distributions of these packages and all that they need at run time here."""
    pending = [name for package in imports for name in _owners()[package]]
    found: set[str] = set()
    while pending:
        name = canonicalize_name(pending.pop())
        if name in found or name in UNUSED:
            continue
        found.add(name)
        requirements = map(Requirement, _required(name))
        extra = {"extra": EXTRAS.get(name, "")}
        pending += [r.name for r in requirements if r.marker is None or r.marker.evaluate(extra)]
    return found


@cache
def _owners() -> Mapping[str, list[str]]:
    return importlib.metadata.packages_distributions()


@cache
def _required(name: str) -> list[str]:
    return importlib.metadata.requires(name) or []
