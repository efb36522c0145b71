"""What scripts/deploy and scripts/publish-web derive, without talking to anybody."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import yaml

from scripts.local import deployment, project

ROOT = project.ROOT
TEMPLATE = (ROOT / ".do" / "app.yaml").read_text()
FUNCTIONS = project.read()
WEB = [function for function in FUNCTIONS if function.web]
GIVEN = {name: f"value-of-{name}" for function in FUNCTIONS for name in function.variables} | {
    "DOMAIN": "example.com",
    "REPOSITORY": "https://git.example.com/promostack.git",
    "REGION": "fra",
    "BRANCH": "app-platform",
}
# By name, so that one that becomes readable is noticed here. What is not on either list is a new decision.
SECRETS = {
    "ADMIN_EMAILS",
    "ADMIN_PASSWORD_HASH",
    "CLERK_SECRET_KEY",
    "DATABASE_URL",
    "SECRETS_KEYS",
    "SESSION_KEYS",
    "SPACES_ACCESS_KEY",
    "SPACES_SECRET_KEY",
    "TELEGRAM_BOT_TOKEN",
}
READABLE = {
    "ADMIN_ORIGIN",
    "API_BASE",
    "CLERK_API_BASE",
    "CLERK_AUTHORIZED_PARTIES",
    "CLERK_ISSUER",
    "CLERK_JWKS_URL",
    "DASH_ORIGIN",
    "FUNDERPRO_API_BASE",
    "FUNDERPRO_PRODUCT_ID",
    "OPENAI_BASE_URL",
    "PUBLIC_ASSET_BASE",
    "SPACES_ENDPOINT",
    "SPACES_PRIVATE_BUCKET",
    "SPACES_PUBLIC_BUCKET",
    "SPACES_REGION",
    "STRIPE_API_BASE",
    "TELEGRAM_API_BASE",
    "TWELVE_DATA_API_BASE",
}
CLERK_KEY = f"pk_live_{base64.b64encode(b'clerk.example.com$').decode()}"
STORE = "https://fra1.example.com/bucket"
ASSETS = "https://cdn.example.com/pictures"


@pytest.fixture(scope="module")
def spec() -> dict:
    return yaml.safe_load(deployment.app_spec(TEMPLATE, GIVEN, FUNCTIONS))


def components(spec: dict) -> set[str]:
    return {item["name"] for kind in ("functions", "static_sites") for item in spec[kind]}


def route(spec: dict, host: str, path: str) -> str:
    """The component that a request reaches: the first rule that matches."""
    for rule in spec["ingress"]["rules"]:
        authority = rule["match"].get("authority", {}).get("exact")
        prefix = rule["match"]["path"]["prefix"]
        if authority in (None, host) and (path + "/").startswith(prefix.rstrip("/") + "/"):
            return rule["component"]["name"]
    raise LookupError(path)


@pytest.mark.parametrize(
    ("host", "path", "component"),
    [
        ("example.com", "/", "public"),
        ("example.com", "/coupon/", "public"),
        ("example.com", "/api/public/templates", "functions"),
        ("example.com", "/apiary", "public"),
        ("api.example.com", "/public/templates", "functions"),
        ("dash.example.com", "/", "dash"),
        ("dash.example.com", "/api/public/templates", "functions"),
        ("admin.example.com", "/shared/css/tokens.css", "admin"),
        ("admin.example.com", "/api/public/health", "functions"),
    ],
)
def test_ingress_leads_to_the_component(spec: dict, host: str, path: str, component: str) -> None:
    assert route(spec, host, path) == component


def test_every_host_of_a_rule_is_a_domain_and_every_component_exists(spec: dict) -> None:
    domains = {item["domain"] for item in spec["domains"]}
    assert domains == {"example.com", "api.example.com", "dash.example.com", "admin.example.com"}
    for rule in spec["ingress"]["rules"]:
        assert rule["match"].get("authority", {"exact": "example.com"})["exact"] in domains
        assert rule["component"]["name"] in components(spec)


def test_functions_get_exactly_their_variables_and_secrets_have_no_value(spec: dict) -> None:
    envs = {item["key"]: item for item in spec["functions"][0]["envs"]}
    assert set(envs) == {name for function in WEB for name in function.variables}
    assert {name for name, item in envs.items() if item.get("type") == "SECRET"} == SECRETS
    assert {name for name, item in envs.items() if "value" in item} == READABLE
    assert "FUNCTIONS_ACCESS_KEY" not in envs, "only what starts functions has the key"


def test_a_variable_that_nobody_declared_readable_is_a_secret() -> None:
    (function, *_) = WEB
    newer = replace(function, environment={**function.environment, "NEW_KEY": "${NEW_KEY}"})
    written = deployment.app_spec(TEMPLATE, {**GIVEN, "NEW_KEY": "value-of-NEW_KEY"}, [newer])
    (item,) = (item for item in yaml.safe_load(written)["functions"][0]["envs"] if item["key"] == "NEW_KEY")
    assert item["type"] == "SECRET"
    assert "value-of-NEW_KEY" not in written


def test_a_template_cannot_ask_for_a_secret() -> None:
    with pytest.raises(deployment.DeploymentInvalid, match="DATABASE_URL"):
        deployment.app_spec(TEMPLATE + "\nregion: ${DATABASE_URL}\n", GIVEN, FUNCTIONS)


@pytest.mark.parametrize("name", ["REPOSITORY", "SPACES_ENDPOINT"])
def test_an_address_with_a_password_in_it_is_refused_without_showing_it(name: str) -> None:
    for address in ("https://canary@git.example.com/x.git", "https://user:canary@example.com"):
        with pytest.raises(deployment.DeploymentInvalid, match=name) as refused:
            deployment.app_spec(TEMPLATE, {**GIVEN, name: address}, FUNCTIONS)
        assert "canary" not in str(refused.value)


def test_the_scheduled_job_starts_the_tick(spec: dict) -> None:
    (job,) = spec["jobs"]
    assert job["kind"] == "SCHEDULED"
    assert job["schedule"]["cron"] == next(f.triggers[0].cron for f in FUNCTIONS if f.path == "work/tick")
    assert job["run_command"].split()[-1] == "work/tick"


def test_a_variable_that_nobody_gave_is_named() -> None:
    given = {name: value for name, value in GIVEN.items() if name not in ("DOMAIN", "SPACES_ENDPOINT")}
    with pytest.raises(deployment.DeploymentInvalid, match="DOMAIN, SPACES_ENDPOINT"):
        deployment.app_spec(TEMPLATE, given, FUNCTIONS)


def test_project_for_app_platform_has_no_triggers_and_no_closed_functions() -> None:
    derived = deployment.web_project(yaml.safe_load((ROOT / "project.yml").read_text()))
    functions = [function for package in derived["packages"] for function in package["functions"]]
    assert {function["name"] for function in functions} == {function.name for function in WEB}
    assert all("triggers" not in function for function in functions)


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("sites")
    deployment.publish_web(ROOT / "web", out, asset_base=ASSETS, clerk_key=CLERK_KEY, store=STORE)
    return out


def test_each_site_has_its_page_and_what_it_refers_to(sites: Path) -> None:
    for site in deployment.SITES:
        assert (sites / site / "index.html").exists()
        for name in deployment.SHARED_BY_SITES:
            assert (sites / site / name).is_dir()
    assert not (sites / "public" / "dash").exists()
    assert not (sites / "public" / "admin").exists()


def test_production_configuration_names_the_cdn_and_nothing_local(sites: Path) -> None:
    local = json.loads((ROOT / "web" / "config.json").read_text())
    for site in deployment.SITES:
        config = json.loads((sites / site / "config.json").read_text())
        assert config["assetBase"] == ASSETS
        assert config["apiBase"] == "/api"
        assert config["clerk"] == {"publishableKey": CLERK_KEY}
        assert set(config) == set(local) - set(deployment.LOCAL_ONLY) | {"clerk"}


def test_dashboards_may_also_talk_to_the_provider_and_the_store(sites: Path) -> None:
    for page in sites.rglob("*.html"):
        text = page.read_text()
        is_private = page.relative_to(sites).parts[0] != "public"
        assert ("https://clerk.example.com" in text) == is_private
        assert ("https://fra1.example.com" in text) == is_private


def test_without_a_key_nothing_local_is_left_and_a_wrong_one_is_refused(tmp_path: Path) -> None:
    deployment.publish_web(ROOT / "web", tmp_path, asset_base=ASSETS)
    assert "clerk" not in json.loads((tmp_path / "dash" / "config.json").read_text())
    for wrong in ("sk_live_x", "pk_live_", "pk", "pk_live_!!!"):
        with pytest.raises(deployment.DeploymentInvalid, match="publishable key"):
            deployment.publish_web(ROOT / "web", tmp_path, asset_base=ASSETS, clerk_key=wrong)


def test_every_page_may_load_assets_and_nothing_else_new(sites: Path) -> None:
    pages = list(sites.rglob("*.html"))
    assert pages
    for page in pages:
        (policy,) = (line for line in page.read_text().splitlines() if "Content-Security-Policy" in line)
        widened = {rule.split()[0] for rule in policy.split('content="')[1].split(";") if "cdn.example.com" in rule}
        assert widened == {"img-src", "connect-src", "font-src"}
        assert "/pictures" not in policy, "an origin, so that a longer address does not narrow it"


def test_assets_without_https_are_refused(tmp_path: Path) -> None:
    with pytest.raises(deployment.DeploymentInvalid, match="https"):
        deployment.publish_web(ROOT / "web", tmp_path, asset_base="http://cdn.example.com")


def test_dry_run_writes_tree_and_spec_and_touches_no_branch(tmp_path: Path) -> None:
    arguments = ["--domain", "example.com", "--repository", GIVEN["REPOSITORY"], "--assets", ASSETS, "--dry-run"]
    branches = subprocess.run(["git", "branch"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    environment = {**os.environ, **{name: GIVEN[name] for f in WEB for name in f.variables}}
    subprocess.run([ROOT / "scripts" / "deploy", *arguments], env=environment, check=True, capture_output=True)
    tree = ROOT / ".local" / "deploy" / "tree"
    assert {path.name for path in (tree / "packages").iterdir()} == {function.package for function in WEB}
    for function in WEB:
        assert (tree / "packages" / function.path / "promostack").is_dir(), "links still lead somewhere"
    template = (tree / ".do" / "deploy.template.yaml").read_text()
    assert yaml.safe_load(template)["spec"]["name"] == "promostack"
    for written in (template, (ROOT / ".local" / "deploy" / "app.yaml").read_text()):
        assert "value-of-SPACES_ENDPOINT" in written
        assert [name for name in SECRETS if f"value-of-{name}" in written] == []
    assert subprocess.run(["git", "branch"], cwd=ROOT, capture_output=True, text=True).stdout == branches


@pytest.fixture
def namespace() -> Iterator[tuple[str, list[tuple[str, str | None, bytes]]]]:
    """A stand-in for the REST address of a functions namespace; keeps what it was asked."""
    asked: list[tuple[str, str | None, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            asked.append((self.path, self.headers["Authorization"], body))
            self.send_response(202)
            self.end_headers()
            self.wfile.write(b'{"activationId": "a1"}')

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_start_function_asks_the_namespace_and_prints_the_activation(namespace) -> None:
    address, asked = namespace
    environment = {**os.environ, "FUNCTIONS_API_HOST": address, "FUNCTIONS_ACCESS_KEY": "user:key"}
    command = [ROOT / "scripts" / "start-function", "work/tick"]
    answer = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    assert answer.stdout.strip() == "a1"
    assert asked == [("/api/v1/namespaces/_/actions/work/tick?blocking=false", "Basic dXNlcjprZXk=", b"{}")]
