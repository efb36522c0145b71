"""One address, several hosts: pages, functions, the CDN and the chat page are where production has them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.integration.local_platform.conftest import Running
from tests.integration.local_platform.s3_peers import ours

FILES = {
    "index.html": "<title>public",
    "coupon/index.html": "<title>coupon",
    "dash/index.html": "<title>dash",
    "dash/app.js": "dash()",
    "admin/index.html": "<title>admin",
    "shared/css/tokens.css": "a{}" * 1000,
    "vendor/lib.0a1b2c3d.wasm": "wasm",
    "config.json": "{}",
    ".hidden": "secret",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("site") / "web"
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (root.parent / "outside.txt").write_text("secret")
    (root / "link.txt").symlink_to(root.parent / "outside.txt")
    return root


@pytest.fixture(scope="module")
def gate(
    start_gateway: Callable[..., Running], site: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    with ours(tmp_path_factory.mktemp("s3")) as s3:
        client = s3.client()
        client.create_bucket(Bucket="open")
        rule = {"AllowedOrigins": ["https://dash.example"], "AllowedMethods": ["GET"]}
        client.put_bucket_cors(Bucket="open", CORSConfiguration={"CORSRules": [rule]})
        public = {"Bucket": "open", "ACL": "public-read", "CacheControl": "public, max-age=31536000, immutable"}
        client.put_object(Key="fonts/a b.ttf", Body=b"font" * 1000, ContentType="font/ttf", **public)
        client.put_object(Key="r/big.png", Body=b"p" * 6_000_000, ContentType="image/png", **public)
        client.put_object(Bucket="open", Key="private", Body=b"secret")
        yield start_gateway(site=str(site), public_bucket_url=f"{s3.endpoint}/open", telegram_url=s3.endpoint)


def get(gate: Running, path: str, host: str = "127.0.0.1", **options: Any) -> requests.Response:
    headers = {"Host": f"{host}:80", **options.pop("headers", {})}
    return requests.get(gate.url + path, headers=headers, allow_redirects=False, timeout=60, **options)


@pytest.mark.parametrize(
    ("host", "path", "text"),
    [
        ("127.0.0.1", "/", "<title>public"),
        ("localhost", "/coupon/", "<title>coupon"),
        ("localhost", "/coupon/index.html", "<title>coupon"),
        ("dash.localhost", "/", "<title>dash"),
        ("dash.localhost", "/app.js", "dash()"),
        ("admin.localhost", "/", "<title>admin"),
        ("dash.localhost", "/shared/css/tokens.css", "a{}" * 1000),
        ("admin.localhost", "/vendor/lib.0a1b2c3d.wasm", "wasm"),
        ("dash.localhost", "/config.json", "{}"),
    ],
)
def test_each_host_has_its_pages(gate: Running, host: str, path: str, text: str) -> None:
    answer = get(gate, path, host)
    assert (answer.status_code, answer.text) == (200, text)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("127.0.0.1", "/nothing"),
        ("dash.localhost", "/coupon/"),
        ("dash.localhost", "/admin/"),
        ("admin.localhost", "/app.js"),
        ("127.0.0.1", "/.hidden"),
        ("127.0.0.1", "/link.txt"),
        ("127.0.0.1", "/%2e%2e/outside.txt"),
        ("dash.localhost", "/shared/%2e%2e/index.html"),
        ("127.0.0.1", "/a%00b"),
    ],
)
def test_and_nothing_else(gate: Running, host: str, path: str) -> None:
    session = requests.Session()
    prepared = session.prepare_request(requests.Request("GET", gate.url, headers={"Host": host}))
    prepared.url = gate.url + path  # as it is: requests would resolve the dots
    assert session.send(prepared, timeout=60, allow_redirects=False).status_code == 404


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/dash/", "http://dash.localhost:80/"),
        ("/admin/", "http://admin.localhost:80/"),
        ("/dash", "http://dash.localhost:80/"),
        ("/coupon?code=A", "/coupon/?code=A"),
        ("/telegram", "/telegram/"),
    ],
)
def test_short_addresses_lead_on(gate: Running, path: str, location: str) -> None:
    answer = get(gate, path)
    assert (answer.status_code in (302, 308), answer.headers["Location"]) == (True, location)


@pytest.mark.parametrize("host", ["127.0.0.1", "dash.localhost", "admin.localhost", "api.localhost"])
def test_functions_answer_on_every_host(gate: Running, host: str) -> None:
    answer = get(gate, "/api/probe/echo/x", host)
    assert answer.json()["http"]["path"] == "/x"
    assert answer.json()["http"]["headers"]["x-forwarded-host"] == f"{host}:80"


def test_the_api_host_has_them_at_its_root(gate: Running) -> None:
    assert get(gate, "/probe/echo/x", "api.localhost").json()["http"]["path"] == "/x"
    assert get(gate, "/probe/echo/x").status_code == 404
    assert get(gate, "/api/v1/web/fn-local/probe/echo/x").json()["http"]["path"] == "/x"


def test_public_objects_come_as_from_a_cdn(gate: Running) -> None:
    for host in ("127.0.0.1", "dash.localhost"):
        answer = get(gate, "/cdn/fonts/a%20b.ttf", host)
        assert (answer.content, answer.headers["Content-Type"]) == (b"font" * 1000, "font/ttf")
        assert answer.headers["Content-Encoding"] == "gzip"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    plain = get(gate, "/cdn/fonts/a%20b.ttf", headers={"Accept-Encoding": "identity"})
    assert (plain.content, "Content-Encoding" in plain.headers) == (b"font" * 1000, False)
    again = get(gate, "/cdn/fonts/a%20b.ttf", headers={"If-None-Match": plain.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/cdn/fonts/a%20b.ttf", "/cdn/r/big.png"])
def test_pages_read_public_objects_as_the_buckets_rule_says(gate: Running, path: str) -> None:
    origins = ("https://dash.example", "https://other.example")
    answers = [get(gate, path, headers={"Origin": origin}).headers for origin in origins]
    assert [each.get("Access-Control-Allow-Origin") for each in answers] == ["https://dash.example", None]
    assert all("Origin" in each["Vary"] for each in answers)


def test_large_objects_are_streamed_and_private_ones_refused(gate: Running) -> None:
    assert len(get(gate, "/cdn/r/big.png").content) == 6_000_000
    assert get(gate, "/cdn/r/big.png", headers={"Range": "bytes=0-9"}).content == b"p" * 10
    assert [get(gate, f"/cdn/{key}").status_code for key in ("private", "nothing")] == [403, 403]
    assert requests.put(f"{gate.url}/cdn/x", data=b"x", timeout=60).status_code == 405


def test_the_chat_page_is_handed_on(gate: Running) -> None:
    assert "<Error>" in get(gate, "/telegram/_control/health").text  # what stands in for it here is the S3 server


def test_an_upstream_that_is_down_is_502(platform: Running) -> None:
    assert [get(platform, path).status_code for path in ("/telegram/", "/cdn/x")] == [502, 502]


def test_files_are_compressed_validated_and_kept_by_their_names(gate: Running) -> None:
    css = get(gate, "/shared/css/tokens.css")
    assert (css.headers["Content-Encoding"], css.headers["Cache-Control"]) == ("gzip", "no-cache")
    assert css.headers["Content-Type"] == "text/css; charset=utf-8"
    again = get(gate, "/shared/css/tokens.css", headers={"If-None-Match": css.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "immutable" in get(gate, "/vendor/lib.0a1b2c3d.wasm").headers["Cache-Control"]


def test_an_edited_file_is_served_anew(gate: Running, site: Path) -> None:
    (site / "fresh.txt").write_text("one")
    assert get(gate, "/fresh.txt").text == "one"
    (site / "fresh.txt").write_text("two!")
    assert get(gate, "/fresh.txt").text == "two!"
