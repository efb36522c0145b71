"""Rules of our S3 server that the other servers do not enforce: who may read, CORS answers, and no half object ever."""

from __future__ import annotations

import os
import resource
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from tests.integration.local_platform.s3_peers import S3, ours

ORIGIN = "http://dash.localhost:8787"


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3]:
    with ours(tmp_path_factory.mktemp("s3")) as server:
        server.client().create_bucket(Bucket="shop")
        yield server


@pytest.fixture(scope="module")
def client(s3: S3) -> Any:
    return s3.client()


def test_strangers_read_public_objects_only(s3: S3, client: Any) -> None:
    client.put_object(Bucket="shop", Key="open", Body=b"1", ACL="public-read", CacheControl="max-age=60")
    client.put_object(Bucket="shop", Key="closed", Body=b"2", ACL="private")
    client.put_object(Bucket="shop", Key="unsaid", Body=b"3")
    answers = {
        key: requests.get(f"{s3.endpoint}/shop/{key}", timeout=60) for key in ("open", "closed", "unsaid", "none")
    }
    assert {key: answer.status_code for key, answer in answers.items()} == {
        "open": 200,
        "closed": 403,
        "unsaid": 403,
        "none": 403,
    }
    assert answers["open"].headers["Cache-Control"] == "max-age=60"
    assert requests.head(f"{s3.endpoint}/shop/open", timeout=60).headers["Content-Length"] == "1"


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/"), ("GET", "/shop"), ("PUT", "/shop/x"), ("DELETE", "/shop/x")]
)
def test_strangers_neither_list_nor_write(s3: S3, method: str, path: str) -> None:
    answer = requests.request(method, s3.endpoint + path, data=b"x", timeout=60)
    assert (answer.status_code, "<Code>AccessDenied</Code>" in answer.text) == (403, True)


def test_an_unchanged_object_is_not_sent_again(s3: S3, client: Any) -> None:
    etag = client.put_object(Bucket="shop", Key="same", Body=b"1", ACL="public-read")["ETag"]
    answer = requests.get(f"{s3.endpoint}/shop/same", headers={"If-None-Match": etag}, timeout=60)
    assert (answer.status_code, answer.content) == (304, b"")


def test_only_one_of_many_creates_an_object(client: Any) -> None:
    client.put_object(Bucket="shop", Key="once", Body=b"first", IfNoneMatch="*")
    with pytest.raises(ClientError, match="PreconditionFailed"):
        client.put_object(Bucket="shop", Key="once", Body=b"second", IfNoneMatch="*")
    assert client.get_object(Bucket="shop", Key="once")["Body"].read() == b"first"


def test_cors_is_answered_by_the_buckets_rules(s3: S3, client: Any) -> None:
    rule = {"AllowedOrigins": [ORIGIN], "AllowedMethods": ["PUT"], "AllowedHeaders": ["content-type"]}
    client.create_bucket(Bucket="uploads")
    client.put_bucket_cors(Bucket="uploads", CORSConfiguration={"CORSRules": [rule]})

    def preflight(origin: str, method: str, wanted: str) -> requests.Response:
        asked = {"Origin": origin, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": wanted}
        return requests.options(f"{s3.endpoint}/uploads/x", headers=asked, timeout=60)

    allowed = preflight(ORIGIN, "PUT", "Content-Type")
    assert (allowed.status_code, allowed.headers["Access-Control-Allow-Origin"]) == (200, ORIGIN)
    for asked in [("http://evil.example", "PUT", ""), (ORIGIN, "DELETE", ""), (ORIGIN, "PUT", "x-amz-acl")]:
        refused = preflight(*asked)
        assert (refused.status_code, "Access-Control-Allow-Origin" in refused.headers) == (403, False)
    url = client.generate_presigned_url("put_object", {"Bucket": "uploads", "Key": "x"})
    put = requests.put(url, data=b"1", headers={"Origin": ORIGIN}, timeout=60)
    assert put.headers["Access-Control-Allow-Origin"] == ORIGIN


def test_a_body_other_than_the_signed_one_is_refused(s3: S3, client: Any) -> None:
    def tamper(request: Any, **_: Any) -> None:
        request.body = b"changed!"

    other = s3.client()
    other.meta.events.register("before-send.s3.PutObject", tamper)
    with pytest.raises(ClientError, match="XAmzContentSHA256Mismatch"):
        other.put_object(Bucket="shop", Key="signed", Body=b"original")
    with pytest.raises(ClientError, match="BadDigest"):
        client.put_object(Bucket="shop", Key="signed", Body=b"original", ContentMD5="1B2M2Y8AsgTpgAmY7PhCfg==")
    assert "Contents" not in client.list_objects_v2(Bucket="shop", Prefix="signed")


@pytest.mark.parametrize("call", ["create_multipart_upload", "get_object_tagging", "get_object_acl"])
def test_what_is_not_built_says_so(client: Any, call: str) -> None:
    with pytest.raises(ClientError, match="NotImplemented"):
        getattr(client, call)(Bucket="shop", Key="a")


def test_a_full_disk_leaves_the_old_object_and_no_rest(tmp_path: Path) -> None:
    with ours(tmp_path) as s3:
        client = s3.client()
        client.create_bucket(Bucket="shop")
        client.put_object(Bucket="shop", Key="picture", Body=b"old")
        assert s3.pid
        # A file may not grow above 100 kB: the write fails in the middle as it does without space.
        resource.prlimit(s3.pid, resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
        with pytest.raises(ClientError, match="InsufficientStorage"):
            client.put_object(Bucket="shop", Key="picture", Body=os.urandom(400_000))
        assert client.get_object(Bucket="shop", Key="picture")["Body"].read() == b"old"
        assert len(list((tmp_path / "objects").iterdir())) == 1


def test_a_killed_server_leaves_whole_objects_only(tmp_path: Path) -> None:
    bodies = {f"k{number}": bytes([number]) * 300_000 for number in range(40)}
    acknowledged: list[str] = []
    for round_ in range(4):
        with ours(tmp_path) as s3:
            client = s3.client()
            if not round_:
                client.create_bucket(Bucket="shop")
            _put_until_killed(client, bodies, acknowledged, s3.pid or 0, after_s=0.15 + 0.05 * round_)
    with ours(tmp_path) as s3:
        client = s3.client()
        stored = {entry["Key"] for entry in client.list_objects_v2(Bucket="shop").get("Contents", [])}
        assert acknowledged
        assert set(acknowledged) <= stored
        assert all(client.get_object(Bucket="shop", Key=key)["Body"].read() == bodies[key] for key in stored)
        assert len(list((tmp_path / "objects").iterdir())) == len(stored)


def _put_until_killed(
    client: Any, bodies: dict[str, bytes], acknowledged: list[str], pid: int, *, after_s: float
) -> None:
    def put_all() -> None:
        for key, body in bodies.items():
            try:
                client.put_object(Bucket="shop", Key=key, Body=body)
            except Exception:
                return
            acknowledged.append(key)

    threads = [threading.Thread(target=put_all) for _ in range(3)]
    killer = threading.Timer(after_s, os.kill, (pid, signal.SIGKILL))
    for thread in [*threads, killer]:
        thread.start()
    for thread in [*threads, killer]:
        thread.join()
