"""The API's document says what the code does: it is generated, and names every function and every route."""

import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from promostack.app.endpoint import Endpoint

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = json.loads((ROOT / "docs" / "api" / "openapi.json").read_text())
PROJECT = yaml.safe_load((ROOT / "project.yml").read_text())
FUNCTIONS = [
    (f"{package['name']}/{function['name']}", function["web"])
    for package in PROJECT["packages"]
    for function in package["functions"]
]

# Packages whose functions are endpoints of the library, by the same name.
PAGES = ("public/", "client/", "admin/")


def test_the_committed_document_is_what_the_schemas_give() -> None:
    done = subprocess.run([sys.executable, ROOT / "scripts" / "openapi", "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("name", "web"), FUNCTIONS)
def test_every_function_is_named(name: str, web: object) -> None:
    if web:
        assert any(path.startswith(f"/{name}") for path in DOCUMENT["paths"])
    else:
        assert f"`{name}`" in DOCUMENT["info"]["description"]


@pytest.mark.parametrize("name", [name for name, _ in FUNCTIONS if name.startswith(PAGES)])
def test_every_route_is_described_and_no_other(name: str) -> None:
    module = importlib.import_module(f"promostack.app.{name.replace('/', '.').replace('-', '_')}")
    endpoint: Endpoint = module.endpoint
    routes = {(route.method.lower(), "/".join([f"/{name}", *route.pattern])) for route in endpoint.routes}
    described = {
        (method, path)
        for path, methods in DOCUMENT["paths"].items()
        if path == f"/{name}" or path.startswith(f"/{name}/")
        for method in methods
    }
    assert routes == described
