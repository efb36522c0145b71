"""Object storage: the one importer of boto3, for DigitalOcean Spaces and whatever else speaks S3."""

import hashlib
import re
from collections import OrderedDict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Literal

from promostack.core import config, http, transactions
from promostack.publishing.errors import ObjectDamaged, ObjectMissing, StoreUnavailable

# Hashed names never change their content, so browsers and the CDN may keep them for ever.
IMMUTABLE = "public, max-age=31536000, immutable"
CONNECT_TIMEOUT_S = 2
READ_TIMEOUT_S = 8
_MISSING = {"404", "NoSuchKey", "NotFound"}


class Bucket:
    """One bucket: `public` objects are readable by everyone under `asset_base`, the others only by us."""

    def __init__(self, name: str, *, asset_base: str | None = None) -> None:
        self._name = name
        self._asset_base = asset_base

    def put(self, key: str, data: bytes, *, media_type: str, immutable: bool = True) -> None:
        """Stores the object whole; S3 shows it only when all of it has arrived."""
        self._call(
            "put_object",
            Key=key,
            Body=data,
            ContentType=media_type,
            # Spaces forgets nothing but applies only what each put states.
            ACL="public-read" if self._asset_base else "private",
            CacheControl=IMMUTABLE if immutable else "no-cache",
        )

    def put_file(self, key: str, path: Path, *, media_type: str) -> None:
        """Stores a file of the disk as a private object, without holding it in memory."""
        with path.open("rb") as file:
            self._call("put_object", Key=key, Body=file, ContentType=media_type, ACL="private", CacheControl="no-cache")

    def get(self, key: str) -> bytes:
        """The object's bytes; raises ObjectMissing."""
        return bytes(self._call("get_object", read=True, Key=key))

    def keys_of(self, tenant_id: str) -> Iterator[str]:
        """All names under `<kind>/<tenant_id>/`, whatever kinds of files there are, a thousand a call."""
        for kind in self._pages("CommonPrefixes", Delimiter="/"):
            for found in self._pages("Contents", Prefix=f"{kind['Prefix']}{tenant_id}/"):
                yield found["Key"]

    def _pages(self, wanted: str, **params: Any) -> Iterator[dict[str, Any]]:
        position: dict[str, Any] = {}
        while True:
            page = self._call("list_objects_v2", **params, **position)
            yield from page.get(wanted, [])
            if not page.get("IsTruncated"):
                return
            position = {"ContinuationToken": page["NextContinuationToken"]}

    def head(self, key: str) -> dict[str, Any] | None:
        """`bytes` and `media_type` of the object, or None."""
        try:
            found = self._call("head_object", Key=key)
        except ObjectMissing:
            return None
        return {"bytes": found["ContentLength"], "media_type": found["ContentType"]}

    def presign(self, method: Literal["get", "put"], key: str, *, expires_s: int, media_type: str | None = None) -> str:
        """An URL that allows exactly that, without our keys, until it expires. Signs offline."""
        params = {"Bucket": self._name, "Key": key} | ({"ContentType": media_type} if media_type else {})
        signed: str = _client().generate_presigned_url(f"{method}_object", Params=params, ExpiresIn=expires_s)
        return signed

    def presign_file(self, key: str, *, expires_s: int, name: str) -> str:
        """An URL under which a browser saves the object as a file of that name, until it expires. Signs offline."""
        params = {"Bucket": self._name, "Key": key, "ResponseContentDisposition": f'attachment; filename="{name}"'}
        signed: str = _client().generate_presigned_url("get_object", Params=params, ExpiresIn=expires_s)
        return signed

    def presign_put(self, key: str, *, expires_s: int, media_type: str, size: int) -> str:
        """An URL that takes one object of exactly that type and length, until it expires. Signs offline."""
        params = {"Bucket": self._name, "Key": key, "ContentType": media_type, "ContentLength": size}
        signed: str = _client().generate_presigned_url("put_object", Params=params, ExpiresIn=expires_s)
        return signed

    def delete(self, key: str) -> None:
        """Removes the object; one that is not there is no error."""
        self._call("delete_object", Key=key)

    def url(self, key: str) -> str:
        """Where everyone fetches the object of a public bucket."""
        if self._asset_base is None:
            raise ValueError(f"{self._name} is private; presign {key} instead")
        return f"{self._asset_base.rstrip('/')}/{key}"

    def _call(self, operation: str, *, read: bool = False, **params: object) -> Any:
        transactions.refuse_network(f"{self._name}/{params.get('Key')}")
        import botocore.exceptions as vendor

        try:
            answer = getattr(_client(), operation)(Bucket=self._name, **params)
            return answer["Body"].read() if read else answer
        except vendor.ClientError as error:
            # A put that is answered "not found" has lost its bucket, not its object.
            if operation != "put_object" and error.response["Error"]["Code"] in _MISSING:
                raise ObjectMissing(str(params["Key"])) from error
            raise StoreUnavailable("The picture store refuses us just now; try again in a moment.") from error
        except vendor.BotoCoreError as error:
            raise StoreUnavailable("The picture store does not answer; try again in a moment.") from error


class CachedReads:
    """Reads of hashed names through a least-recently-used memory of `most_bytes`: fonts, photos, logos."""

    def __init__(self, bucket: Bucket, *, most_bytes: int = 48_000_000) -> None:
        self._bucket = bucket
        self._most_bytes = most_bytes
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._kept_bytes = 0

    def get(self, key: str) -> bytes:
        """The object's bytes; raises ObjectMissing, and ObjectDamaged when they are not what the name's hash says."""
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        data = self._bucket.get(key)
        if not is_what_its_name_says(key, data):
            raise ObjectDamaged(key)
        self._kept[key] = data
        self._kept_bytes += len(data)
        while self._kept_bytes > self._most_bytes:
            self._kept_bytes -= len(self._kept.popitem(last=False)[1])
        return data


def is_what_its_name_says(key: str, data: bytes) -> bool:
    """False when the key carries the start of a SHA-256 (`photo.0123abcd.jpg`) that the bytes do not have."""
    named = re.search(r"\.([0-9a-f]{8,64})\.[a-z0-9]+$", key)
    return named is None or hashlib.sha256(data).hexdigest().startswith(named[1])


def is_reachable(timeout_s: float) -> bool:
    """True when the store answers anything that is not an error of its own; needs neither boto3 nor keys."""
    address = f"{config.require('SPACES_ENDPOINT').rstrip('/')}/{config.require('SPACES_PUBLIC_BUCKET')}"
    try:
        return http.get(f"{address}/health", params={}, timeout_s=timeout_s).status < 500
    except http.VendorUnreachable:
        return False


@cache
def public_bucket() -> Bucket:
    """Renders, thumbnails, published art: everyone may read it."""
    return Bucket(config.require("SPACES_PUBLIC_BUCKET"), asset_base=config.require("PUBLIC_ASSET_BASE"))


@cache
def private_bucket() -> Bucket:
    """Uploads as they arrived: only we read it."""
    return Bucket(config.require("SPACES_PRIVATE_BUCKET"))


@cache
def _client() -> Any:
    import boto3
    from botocore.config import Config

    return boto3.client(
        "s3",
        endpoint_url=config.require("SPACES_ENDPOINT"),
        region_name=config.require("SPACES_REGION"),
        aws_access_key_id=config.require("SPACES_ACCESS_KEY"),
        aws_secret_access_key=config.require("SPACES_SECRET_KEY"),
        config=Config(
            connect_timeout=CONNECT_TIMEOUT_S,
            read_timeout=READ_TIMEOUT_S,
            retries={"mode": "standard", "total_max_attempts": 2},
            s3={"addressing_style": "path"},
            signature_version="s3v4",
            # Newer boto3 adds checksums that Spaces does not know.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )
