"""What boto3 sees is the same on our S3 server and on two that others wrote (where those implement the rule)."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from tests.integration.local_platform.s3_peers import PEERS, S3

PNG = b"\x89PNG bytes"
CORS = {
    "CORSRules": [
        {
            "AllowedOrigins": ["http://dash.localhost:8787"],
            "AllowedMethods": ["PUT", "GET"],
            "AllowedHeaders": ["*"],
            "ExposeHeaders": ["ETag"],
            "MaxAgeSeconds": 600,
        }
    ]
}


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], S3]]:
    with ExitStack() as stack:
        yield cache(lambda name: stack.enter_context(PEERS[name](tmp_path_factory.mktemp(name))))


@pytest.fixture(scope="module", params=PEERS)
def s3(request: pytest.FixtureRequest, servers: Callable[[str], S3]) -> S3:
    return servers(request.param)


@pytest.fixture(scope="module", params=["ours", "moto"])
def thorough(request: pytest.FixtureRequest, servers: Callable[[str], S3]) -> Any:
    """A client of a server with all of ListObjectsV2; s3rver fails on a second page and on a key below a key."""
    return servers(request.param).client()


@pytest.fixture(scope="module", params=["ours", "s3rver"])
def strict(request: pytest.FixtureRequest, servers: Callable[[str], S3]) -> S3:
    """A server that checks signatures; moto checks none."""
    return servers(request.param)


@pytest.fixture(scope="module")
def client(s3: S3) -> Any:
    return s3.client()


@pytest.fixture
def bucket(client: Any) -> str:
    return new_bucket(client)


def new_bucket(client: Any) -> str:
    name = f"bucket-{uuid.uuid4().hex[:12]}"
    client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "fra1"})
    return name


def code(error: pytest.ExceptionInfo[ClientError]) -> str:
    return str(error.value.response["Error"]["Code"])


def test_an_object_comes_back_with_what_was_said_at_its_put(client: Any, bucket: str) -> None:
    put = client.put_object(
        Bucket=bucket,
        Key="renders/säule + 100%/a b.png",
        Body=PNG,
        ContentType="image/png",
        CacheControl="public, max-age=31536000, immutable",
        ContentDisposition='attachment; filename="a.png"',
        Metadata={"source": "render", "version": "7"},
    )
    got = client.get_object(Bucket=bucket, Key="renders/säule + 100%/a b.png")
    assert got["Body"].read() == PNG
    assert got["ETag"] == put["ETag"] == f'"{hashlib.md5(PNG).hexdigest()}"'
    assert got["ContentType"] == "image/png"
    assert got["CacheControl"] == "public, max-age=31536000, immutable"
    assert got["ContentDisposition"] == 'attachment; filename="a.png"'
    assert got["Metadata"] == {"source": "render", "version": "7"}


def test_head_tells_size_and_type_without_a_body(client: Any, bucket: str) -> None:
    client.put_object(Bucket=bucket, Key="a", Body=b"12345", ContentType="text/plain")
    head = client.head_object(Bucket=bucket, Key="a")
    assert (head["ContentLength"], head["ContentType"]) == (5, "text/plain")


def test_a_put_replaces_the_object(client: Any, bucket: str) -> None:
    client.put_object(Bucket=bucket, Key="a", Body=b"old", Metadata={"x": "1"})
    client.put_object(Bucket=bucket, Key="a", Body=b"new!")
    got = client.get_object(Bucket=bucket, Key="a")
    assert (got["Body"].read(), got["Metadata"]) == (b"new!", {})


def test_an_empty_object_is_an_object(client: Any, bucket: str) -> None:
    client.put_object(Bucket=bucket, Key="empty", Body=b"")
    assert client.get_object(Bucket=bucket, Key="empty")["Body"].read() == b""


def test_a_range_gives_that_part(client: Any, bucket: str) -> None:
    client.put_object(Bucket=bucket, Key="a", Body=b"0123456789")
    part = client.get_object(Bucket=bucket, Key="a", Range="bytes=2-4")
    assert (part["Body"].read(), part["ContentRange"]) == (b"234", "bytes 2-4/10")


def test_what_is_missing_is_named(client: Any, bucket: str) -> None:
    with pytest.raises(ClientError) as no_key:
        client.get_object(Bucket=bucket, Key="nothing")
    with pytest.raises(ClientError) as no_head:
        client.head_object(Bucket=bucket, Key="nothing")
    with pytest.raises(ClientError) as no_bucket:
        client.put_object(Bucket="no-such-bucket-here", Key="a", Body=b"")
    assert (code(no_key), code(no_head), code(no_bucket)) == ("NoSuchKey", "404", "NoSuchBucket")


def test_delete_takes_the_object_and_may_be_repeated(client: Any, bucket: str) -> None:
    client.put_object(Bucket=bucket, Key="a", Body=b"x")
    for _ in range(2):
        assert client.delete_object(Bucket=bucket, Key="a")["ResponseMetadata"]["HTTPStatusCode"] == 204
    assert "Contents" not in client.list_objects_v2(Bucket=bucket)


def test_many_objects_are_deleted_in_one_request(client: Any, bucket: str) -> None:
    for key in ("a", "b", "c"):
        client.put_object(Bucket=bucket, Key=key, Body=b"x")
    answer = client.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "a"}, {"Key": "c"}, {"Key": "none"}]})
    assert {entry["Key"] for entry in answer["Deleted"]} >= {"a", "c"}
    assert [entry["Key"] for entry in client.list_objects_v2(Bucket=bucket)["Contents"]] == ["b"]


def test_a_list_is_sorted_and_cut_by_prefix(client: Any, bucket: str) -> None:
    for key in ("b/2", "a", "b/1", "c"):
        client.put_object(Bucket=bucket, Key=key, Body=key.encode())
    answer = client.list_objects_v2(Bucket=bucket, Prefix="b/")
    assert [(o["Key"], o["Size"]) for o in answer["Contents"]] == [("b/1", 3), ("b/2", 3)]


def test_a_key_may_lie_below_another_key(thorough: Any) -> None:
    bucket = new_bucket(thorough)
    for key in ("a/b", "a", "a/b/c"):
        thorough.put_object(Bucket=bucket, Key=key, Body=key.encode())
    assert [o["Key"] for o in thorough.list_objects_v2(Bucket=bucket)["Contents"]] == ["a", "a/b", "a/b/c"]
    assert thorough.get_object(Bucket=bucket, Key="a/b")["Body"].read() == b"a/b"


def test_a_delimiter_folds_folders(client: Any, bucket: str) -> None:
    for key in ("a", "b/1", "b/2", "c/1"):
        client.put_object(Bucket=bucket, Key=key, Body=b"")
    answer = client.list_objects_v2(Bucket=bucket, Delimiter="/")
    assert [o["Key"] for o in answer["Contents"]] == ["a"]
    assert [p["Prefix"] for p in answer["CommonPrefixes"]] == ["b/", "c/"]


@pytest.mark.parametrize("delimiter", ["", "/"])
def test_pages_of_a_list_join_without_gap_or_repeat(thorough: Any, delimiter: str) -> None:
    bucket = new_bucket(thorough)
    for key in ("a", "b/1", "b/2", "b/3", "c", "d/1", "d/2", "e"):
        thorough.put_object(Bucket=bucket, Key=key, Body=b"")
    paging = {"Bucket": bucket, "Delimiter": delimiter, "PaginationConfig": {"PageSize": 2}}
    pages = list(thorough.get_paginator("list_objects_v2").paginate(**paging))
    keys = [o["Key"] for page in pages for o in page.get("Contents", [])]
    folders = [p["Prefix"] for page in pages for p in page.get("CommonPrefixes", [])]
    assert keys == (["a", "c", "e"] if delimiter else ["a", "b/1", "b/2", "b/3", "c", "d/1", "d/2", "e"])
    assert folders == (["b/", "d/"] if delimiter else [])


def test_a_presigned_get_needs_no_key(client: Any, bucket: str) -> None:
    client.put_object(Bucket=bucket, Key="a/ö.txt", Body=b"secret", ContentType="text/plain")
    url = client.generate_presigned_url("get_object", {"Bucket": bucket, "Key": "a/ö.txt"}, ExpiresIn=60)
    answer = requests.get(url, timeout=60)
    assert (answer.status_code, answer.content) == (200, b"secret")


def test_a_presigned_get_may_rename_the_download(client: Any, bucket: str) -> None:
    client.put_object(Bucket=bucket, Key="a", Body=b"x")
    disposition = 'attachment; filename="promo.png"'
    parameters = {"Bucket": bucket, "Key": "a", "ResponseContentDisposition": disposition}
    answer = requests.get(client.generate_presigned_url("get_object", parameters), timeout=60)
    assert answer.headers["Content-Disposition"] == disposition


def test_a_presigned_put_stores_the_body(client: Any, bucket: str) -> None:
    parameters = {"Bucket": bucket, "Key": "up", "ContentType": "image/png"}
    url = client.generate_presigned_url("put_object", parameters, ExpiresIn=60)
    answer = requests.put(url, data=b"png", headers={"Content-Type": "image/png"}, timeout=60)
    assert answer.status_code == 200
    assert client.get_object(Bucket=bucket, Key="up")["ContentType"] == "image/png"


def test_cors_rules_are_kept(client: Any, bucket: str) -> None:
    client.put_bucket_cors(Bucket=bucket, CORSConfiguration=CORS)
    (rule,) = client.get_bucket_cors(Bucket=bucket)["CORSRules"]
    assert rule["AllowedOrigins"] == ["http://dash.localhost:8787"]
    assert sorted(rule["AllowedMethods"]) == ["GET", "PUT"]
    assert rule["MaxAgeSeconds"] == 600


def test_a_bucket_with_objects_is_not_deleted(client: Any, bucket: str) -> None:
    client.put_object(Bucket=bucket, Key="a", Body=b"x")
    with pytest.raises(ClientError) as refused:
        client.delete_bucket(Bucket=bucket)
    assert code(refused) == "BucketNotEmpty"
    client.delete_object(Bucket=bucket, Key="a")
    client.delete_bucket(Bucket=bucket)
    with pytest.raises(ClientError):
        client.head_bucket(Bucket=bucket)


def test_a_wrong_secret_is_refused(strict: S3) -> None:
    forged = strict.client(aws_secret_access_key="guessed")
    with pytest.raises(ClientError) as refused:
        forged.list_buckets()
    assert code(refused) == "SignatureDoesNotMatch"


def test_an_unknown_key_is_refused(strict: S3) -> None:
    with pytest.raises(ClientError) as refused:
        strict.client(aws_access_key_id="NOBODY").list_buckets()
    assert code(refused) == "InvalidAccessKeyId"


def test_a_presigned_address_ends_at_its_expiry(strict: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    client = strict.client()
    bucket = new_bucket(client)
    client.put_object(Bucket=bucket, Key="a", Body=b"x")
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: hour_ago.replace(tzinfo=None))
    url = client.generate_presigned_url("get_object", {"Bucket": bucket, "Key": "a"}, ExpiresIn=3599)
    answer = requests.get(url, timeout=60)
    assert (answer.status_code, "Request has expired" in answer.text) == (403, True)
    still = client.generate_presigned_url("get_object", {"Bucket": bucket, "Key": "a"}, ExpiresIn=3660)
    assert requests.get(still, timeout=60).content == b"x"


@pytest.mark.parametrize("change", ["key", "expiry", "signature"])
def test_a_changed_presigned_address_is_refused(strict: S3, change: str) -> None:
    client = strict.client()
    bucket = new_bucket(client)
    for key in ("a", "b"):
        client.put_object(Bucket=bucket, Key=key, Body=b"x")
    url = client.generate_presigned_url("get_object", {"Bucket": bucket, "Key": "a"}, ExpiresIn=60)
    forged = {
        "key": url.replace(f"{bucket}/a?", f"{bucket}/b?"),
        "expiry": url.replace("X-Amz-Expires=60", "X-Amz-Expires=90000"),
        "signature": url[:-1] + ("0" if url[-1] != "0" else "1"),
    }[change]
    assert forged != url
    assert requests.get(forged, timeout=60).status_code == 403


def test_a_presigned_get_is_no_right_to_put(strict: S3) -> None:
    client = strict.client()
    bucket = new_bucket(client)
    client.put_object(Bucket=bucket, Key="a", Body=b"x")
    url = client.generate_presigned_url("get_object", {"Bucket": bucket, "Key": "a"}, ExpiresIn=60)
    assert requests.put(url, data=b"y", timeout=60).status_code == 403
    assert client.get_object(Bucket=bucket, Key="a")["Body"].read() == b"x"
