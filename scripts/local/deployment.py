"""Derives what is deployed from the checkout; nothing here talks to anybody."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from scripts.local import project

ROOT = project.ROOT
SITES = ("public", "dash", "admin")
SHARED_BY_SITES = ("shared", "vendor")
LOCAL_ONLY = ("chat", "clerk")  # keys of config.json that only the local product has
# What the committed spec may show: addresses and names. Every other variable is a secret there, without a value.
READABLE = {
    "ADMIN_ORIGIN", "API_BASE", "CLERK_API_BASE", "CLERK_AUTHORIZED_PARTIES", "CLERK_ISSUER", "CLERK_JWKS_URL",
    "DASH_ORIGIN", "FUNDERPRO_API_BASE", "FUNDERPRO_PRODUCT_ID", "OPENAI_BASE_URL", "PUBLIC_ASSET_BASE",
    "SPACES_ENDPOINT", "SPACES_PRIVATE_BUCKET", "SPACES_PUBLIC_BUCKET", "SPACES_REGION", "STRIPE_API_BASE",
    "TELEGRAM_API_BASE", "TWELVE_DATA_API_BASE",
}  # fmt: skip
ASKED = {"BRANCH", "DOMAIN", "REGION", "REPOSITORY"}  # what the template holds besides FUNCTION_ENVS
_ADDRESS_WITH_PASSWORD = re.compile(r"://[^/\s]*@")
_CSP = re.compile(r'(<meta http-equiv="Content-Security-Policy" content=")([^"]*)(">)')
_CSP_SOURCES = ("img-src", "connect-src", "font-src")


class DeploymentInvalid(ValueError):
    """What would be deployed could not work; the message says why."""


def web_project(document: dict[str, Any]) -> dict[str, Any]:
    """project.yml for App Platform: functions that the web reaches, without triggers (which are refused there)."""
    packages = []
    for package in document["packages"]:
        functions = [
            {key: value for key, value in function.items() if key != "triggers"}
            for function in package["functions"]
            if function["web"]
        ]
        if functions:
            packages.append({**package, "functions": functions})
    return {**document, "packages": packages}


def app_spec(template: str, values: Mapping[str, str], functions: Iterable[project.Function]) -> str:
    """The filled-in App Platform spec; a variable that is not wanted is `off`.

    Of `values` only READABLE and ASKED are looked at, so that no secret can get into what is committed. Raises
    DeploymentInvalid naming what has no value, may not be in the spec, or is an address with a password in it.
    """
    names = sorted({name for function in functions if function.web for name in function.variables})
    without_comments = re.sub(r"^#.*\n", "", template, flags=re.M)
    in_template = set(re.findall(r"\$\{(\w+)\}", without_comments)) - {"FUNCTION_ENVS"}
    if refused := sorted(in_template - ASKED):
        raise DeploymentInvalid(f"the app spec's template may not show {', '.join(refused)}")
    wanted = in_template | READABLE.intersection(names)
    if missing := sorted(name for name in wanted if not values.get(name)):
        raise DeploymentInvalid(f"the app spec needs {', '.join(missing)}")
    if leaking := sorted(name for name in wanted if _ADDRESS_WITH_PASSWORD.search(values[name])):
        raise DeploymentInvalid(f"an address with a password in it would be committed: {', '.join(leaking)}")
    envs = [
        {"key": name, "scope": "RUN_AND_BUILD_TIME"}
        | ({"value": values[name]} if name in READABLE else {"type": "SECRET"})
        for name in names
    ]
    filled = {name: values[name] for name in in_template} | {"FUNCTION_ENVS": json.dumps(envs)}
    return re.sub(r"\$\{(\w+)\}", lambda match: filled[match[1]], without_comments)


def publish_web(web: Path, out: Path, *, asset_base: str, clerk_key: str = "", store: str = "") -> list[Path]:
    """Write the three sites below `out`, with the production configuration and the asset host in each page's CSP.

    `dash` and `admin` are sites of their own and hold the shared folders beside their pages; `public` holds the rest.
    Their pages also talk to the identity provider, which `clerk_key` (Clerk's publishable key) names, and to `store`,
    the object store that takes uploads. Returns the sites' folders. Raises DeploymentInvalid when a page has no CSP.
    """
    config = json.loads((web / "config.json").read_text())
    production = {key: value for key, value in config.items() if key not in LOCAL_ONLY} | {"assetBase": asset_base}
    if clerk_key:
        production["clerk"] = {"publishableKey": clerk_key}
    partners = [*([frontend_api(clerk_key)] if clerk_key else []), *([_origin(store)] if store else [])]
    made = []
    for site in SITES:
        folder = out / site
        shutil.rmtree(folder, ignore_errors=True)
        if site == "public":
            shutil.copytree(web, folder, ignore=lambda path, _: ("dash", "admin") if Path(path) == web else ())
        else:
            shutil.copytree(web / site, folder)
            for name in SHARED_BY_SITES:
                shutil.copytree(web / name, folder / name)
        (folder / "config.json").write_text(json.dumps(production, indent=2) + "\n")
        for page in folder.rglob("*.html"):
            page.write_text(_allow(page, asset_base, [] if site == "public" else partners))
        made.append(folder)
    return made


def frontend_api(clerk_key: str) -> str:
    """The origin that a publishable key names: `pk_live_` and its host with a `$` behind it, in base64.

    Raises DeploymentInvalid.
    """
    try:
        host = base64.b64decode(clerk_key.split("_", 2)[2] + "==").decode()
    except (IndexError, ValueError):
        host = ""
    if not re.fullmatch(r"[a-z0-9.-]+\$", host):
        raise DeploymentInvalid("the publishable key is not one of Clerk's, like pk_live_…")
    return f"https://{host[:-1]}"


def _origin(address: str) -> str:
    return "/".join(address.split("/")[:3])


def _allow(page: Path, asset_base: str, partners: list[str]) -> str:
    """The page with a policy that lets it load assets and talk to `partners`."""
    origin = _origin(asset_base)
    text = page.read_text()
    if not asset_base.startswith("https://"):
        raise DeploymentInvalid(f"assets must come from an https address, not {asset_base}")
    if not _CSP.search(text):
        raise DeploymentInvalid(f"{page.name} has no Content-Security-Policy")

    def widen(match: re.Match[str]) -> str:
        rules = [rule.strip() for rule in match[2].split(";") if rule.strip()]
        widened = [f"{rule} {origin}" if rule.split()[0] in _CSP_SOURCES else rule for rule in rules]
        widened = [" ".join([rule, *partners]) if rule.startswith("connect-src") else rule for rule in widened]
        return match[1] + "; ".join(widened) + match[3]

    return _CSP.sub(widen, text)


def make_tree(out: Path, *, asset_base: str, clerk_key: str = "", store: str = "") -> None:
    """Write the tree that App Platform builds from: the committed files, project.yml for the web, and the sites."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    archive = subprocess.run(
        ["git", "archive", "HEAD", "packages", "shared", "scripts/start-function", "project.yml", "web"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout
    subprocess.run(["tar", "-x", "-C", str(out)], input=archive, check=True)
    document = yaml.safe_load((out / "project.yml").read_text())
    (out / "project.yml").write_text(yaml.safe_dump(web_project(document), sort_keys=False, width=120))
    for function in project.read(ROOT / "project.yml"):
        if not function.web:
            shutil.rmtree(out / "packages" / function.path, ignore_errors=True)
    for package in (out / "packages").iterdir():
        if not any(package.iterdir()):
            package.rmdir()
    publish_web(out / "web", out / "sites", asset_base=asset_base, clerk_key=clerk_key, store=store)
    shutil.rmtree(out / "web")
    (out / "requirements.txt").write_text("")  # tells the job's builder that this is Python


def commit_tree(tree: Path, branch: str, message: str) -> str:
    """Commit `tree` on `branch` of the checkout without touching the working files; returns the commit's id."""
    environment = {**os.environ, "GIT_INDEX_FILE": str(tree.with_suffix(".index"))}

    def git(*command: str) -> str:
        run = subprocess.run(["git", *command], cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
        return run.stdout.strip()

    tree.with_suffix(".index").unlink(missing_ok=True)
    git("--work-tree", str(tree), "add", "--all", "--force", ".")
    written = git("write-tree")
    known = subprocess.run(["git", "rev-parse", "--verify", "--quiet", f"refs/heads/{branch}"], cwd=ROOT, text=True,
                           capture_output=True).stdout.strip()  # fmt: skip
    parents = ["-p", known] if known else []
    commit = git("commit-tree", written, *parents, "-m", message)
    git("update-ref", f"refs/heads/{branch}", commit)
    return commit
