"""The platform's own deployer accepts project.yml and builds zips that hold the same files as ours."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from scripts.local import build, project

NODE = project.ROOT / "tests" / "node"
FUNCTIONS = project.read()
VARIABLES = sorted({name for function in FUNCTIONS for name in function.variables})


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What the deployer reads of a checkout, links kept."""
    for name in ("packages", "shared/promostack", "shared/assets", "strategies"):
        shutil.copytree(
            project.ROOT / name,
            tmp_path / name,
            symlinks=True,
            ignore=shutil.ignore_patterns("__pycache__", "virtualenv", "seed"),
        )
    shutil.copy(project.ROOT / "project.yml", tmp_path)
    (tmp_path / ".env").write_text("".join(f"{name}=x\n" for name in VARIABLES))
    return tmp_path


def deploy(checkout: Path) -> dict:
    """What the deployer makes of it, without an account: nothing is sent."""
    # Its own process environment would win over .env.
    environment = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    environment |= {"PATH": f"{build.BUILD / 'tools' / 'bin'}:{os.environ['PATH']}", "HOME": str(checkout)}
    command = ["node", str(NODE / "deployer.cjs"), str(checkout), str(checkout / ".env")]
    result = subprocess.run(command, env=environment, cwd=NODE, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


@pytest.mark.long  # every zip is built a second time
def test_deployer_builds_what_we_build(checkout: Path, built: dict[str, build.Built]) -> None:
    for function in FUNCTIONS:
        build.lend_packages(checkout / "packages" / function.path)
    answer = deploy(checkout)
    assert "error" not in answer, answer
    assert {item["path"]: item["web"] for item in answer["functions"]} == {f.path: f.web for f in FUNCTIONS}
    for item in answer["functions"]:
        assert item["runtime"] == project.RUNTIME
        assert "error" not in item, item
        theirs, ours = zipfile.ZipFile(checkout / item["zip"]), zipfile.ZipFile(built[item["path"]].zip)
        assert files(theirs) == files(ours), item["path"]
        assert theirs.fp is not None
        assert os.path.getsize(theirs.filename or "") == pytest.approx(built[item["path"]].zip.stat().st_size, rel=0.02)
    left_in_the_library = list((checkout / "shared").rglob("*.pyc"))
    assert left_in_the_library == [], "a local build must not compile through the links"


def files(archive: zipfile.ZipFile) -> set[str]:
    return {name for name in archive.namelist() if not name.endswith("/")}


@pytest.mark.long  # the packages are installed a second time
def test_packages_put_together_are_those_of_one_installation(tmp_path: Path) -> None:
    largest = max(FUNCTIONS, key=lambda function: (function.folder / "requirements.txt").stat().st_size)
    whole, together = tmp_path / "whole", tmp_path / "together"
    for folder in (whole, together):
        (folder / "promostack").mkdir(parents=True)
        for name in ("build.sh", "requirements.txt"):
            shutil.copy2(largest.folder / name, folder)
    build.run_build_script(whole)
    build.lend_packages(together)
    build.run_build_script(together)
    assert contents(whole / "virtualenv") == contents(together / "virtualenv")


def contents(folder: Path) -> dict[str, bytes]:
    """Path → digest of every file."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).digest() for path in files}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (("web: raw", "web: rough"), "web"),
        (("    functions:\n", "    functions:\n      - nmae: typo\n"), "nmae"),
        (("memory: 256", 'memory: "256"'), "memory"),
        (("${DATABASE_URL}", "${NO_SUCH_VARIABLE}"), "NO_SUCH_VARIABLE"),
    ],
)
def test_deployer_refuses_a_broken_project(checkout: Path, wrong: tuple[str, str], message: str) -> None:
    path = checkout / "project.yml"
    path.write_text(path.read_text().replace(*wrong, 1))
    assert message in deploy(checkout)["error"]
