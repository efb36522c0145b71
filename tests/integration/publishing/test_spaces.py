"""The object store's adapter against a real S3 server."""

import hashlib
import socket

import pytest
import requests

from promostack.core import config, transactions
from promostack.db.uow import unit_of_work
from promostack.integrations import spaces
from promostack.publishing.errors import ObjectDamaged, ObjectMissing, StoreUnavailable
from tests.stopwatch import Stopwatch

PNG = b"\x89PNG not really"


@pytest.fixture
def public(store) -> spaces.Bucket:
    return spaces.public_bucket()


@pytest.fixture
def private(store) -> spaces.Bucket:
    return spaces.Bucket("private")


def test_everyone_may_read_what_is_put_into_the_public_bucket(public) -> None:
    public.put("renders/a.png", PNG, media_type="image/png")
    answer = requests.get(public.url("renders/a.png"), timeout=60)
    assert (answer.content, answer.headers["Content-Type"]) == (PNG, "image/png")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_names_that_may_change_are_not_kept_by_caches(public) -> None:
    public.put("fonts/fonts.json", b"{}", media_type="application/json", immutable=False)
    answer = requests.get(public.url("fonts/fonts.json"), timeout=60)
    assert answer.headers["Cache-Control"] == "no-cache"


def test_a_private_object_is_read_with_our_keys_or_a_signed_address_only(private, store: str) -> None:
    private.put("uploads/a.png", PNG, media_type="image/png")
    assert private.get("uploads/a.png") == PNG
    plain = f"{store.replace('/public', '/private')}/uploads/a.png"
    assert requests.get(plain, timeout=60).status_code == 403
    assert requests.get(private.presign("get", "uploads/a.png", expires_s=60), timeout=60).content == PNG
    with pytest.raises(ValueError, match="private"):
        private.url("uploads/a.png")


def test_a_signed_put_takes_exactly_the_media_type_it_was_signed_for(private) -> None:
    address = private.presign("put", "uploads/b.png", expires_s=60, media_type="image/png")
    refused = requests.put(address, data=PNG, headers={"Content-Type": "text/html"}, timeout=60)
    assert refused.status_code == 403
    taken = requests.put(address, data=PNG, headers={"Content-Type": "image/png"}, timeout=60)
    assert taken.status_code == 200
    assert private.head("uploads/b.png") == {"bytes": len(PNG), "media_type": "image/png"}


def test_a_missing_object_is_named(public) -> None:
    assert public.head("nothing.png") is None
    with pytest.raises(ObjectMissing) as missing:
        public.get("nothing.png")
    assert missing.value.key == "nothing.png"


def test_wrong_keys_are_the_stores_failure_not_a_missing_object(public, monkeypatch) -> None:
    monkeypatch.setenv("SPACES_SECRET_KEY", "wrong")
    config.optional.cache_clear()
    spaces._client.cache_clear()
    with pytest.raises(StoreUnavailable):
        public.get("nothing.png")


def test_a_store_that_is_down_is_told_in_time(public, monkeypatch) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("SPACES_ENDPOINT", f"http://127.0.0.1:{closed.getsockname()[1]}")
        config.optional.cache_clear()
        spaces._client.cache_clear()
        watch = Stopwatch()
        with pytest.raises(StoreUnavailable):
            public.put("a.png", PNG, media_type="image/png")
        assert not spaces.is_reachable(1)
    assert watch.seconds() < 5


def test_nothing_is_read_inside_a_transaction(public, database, tenant_id: str) -> None:
    with unit_of_work(tenant_id), pytest.raises(transactions.NetworkInTransaction):
        public.get("a.png")


def test_hashed_names_are_read_once_and_checked(public) -> None:
    reads = spaces.CachedReads(public)
    data = b"a" * 10
    good, bad = f"seed/a.{hashlib.sha256(data).hexdigest()[:8]}.png", "seed/b.00000000.png"
    public.put(good, data, media_type="image/png")
    public.put(bad, data, media_type="image/png")
    assert reads.get(good) == data
    public.put(good, b"changed", media_type="image/png")
    assert reads.get(good) == data
    with pytest.raises(ObjectDamaged):
        reads.get(bad)


def test_the_memory_of_reads_is_bounded(public) -> None:
    reads = spaces.CachedReads(public, most_bytes=25)
    for name in ("a", "b", "c"):
        public.put(f"{name}.bin", name.encode() * 10, media_type="application/octet-stream")
        reads.get(f"{name}.bin")
    assert list(reads._kept) == ["b.bin", "c.bin"]
