"""What the S3 server says: XML documents, files with ranges, errors, and the checks of a body against its headers."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import formatdate
from typing import BinaryIO
from urllib.parse import quote, unquote
from xml.etree import ElementTree

from aiohttp import web

from scripts.local.s3_signature import S3Error, Signed
from scripts.local.s3_store import Draft, Object, Store

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
MAX_KEYS = 1000


def split_path(raw_path: str) -> tuple[str, str]:
    """`/bucket/key/with/slashes`, percent-encoded, to both names."""
    bucket, _, key = raw_path.lstrip("/").partition("/")
    return unquote(bucket), unquote(key)


def http_date(at: float) -> str:
    return formatdate(at, usegmt=True)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def xml(root: ElementTree.Element, status: int = 200) -> web.Response:
    if root.tag != "Error":
        root.set("xmlns", NAMESPACE)
    body = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return web.Response(status=status, body=body, content_type="application/xml")


def error(problem: S3Error, request: web.Request, request_id: str) -> web.Response:
    if request.method == "HEAD":
        return web.Response(status=problem.status)
    resource = request.raw_path.partition("?")[0]
    fields = {"Code": problem.code, "Message": problem.message, "Resource": resource, "RequestId": request_id}
    return xml(_tree("Error", fields), problem.status)


def check_sha256(signed: Signed | None, digest: str) -> None:
    if signed and signed.payload_sha256 and signed.payload_sha256 != digest:
        raise S3Error(400, "XAmzContentSHA256Mismatch", "The x-amz-content-sha256 does not match the body.")


def check_body(request: web.Request, draft: Draft, signed: Signed | None) -> None:
    """The body must be what the signature, Content-MD5 and Content-Length say."""
    check_sha256(signed, draft.sha256.hexdigest())
    if request.content_length is not None and request.content_length != draft.size:
        raise S3Error(400, "IncompleteBody", "The body is shorter than its Content-Length.")
    claimed = request.headers.get("Content-MD5")
    if claimed:
        try:
            wanted = base64.b64decode(claimed, validate=True)
        except binascii.Error:
            raise S3Error(400, "InvalidDigest", "The Content-MD5 you specified is not valid.") from None
        if wanted != draft.md5.digest():
            raise S3Error(400, "BadDigest", "The Content-MD5 you specified did not match what we received.")


async def send_file(request: web.Request, found: Object, file: BinaryIO, headers: dict[str, str]) -> web.StreamResponse:
    """The object or one range of it. The open file stays readable while another PUT replaces it."""
    start, stop = _range(request.headers.get("Range", ""), found.size)
    status = 206 if (start, stop) != (0, found.size) else 200
    if status == 206:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{found.size}"
    headers |= {"Content-Length": str(stop - start), "Accept-Ranges": "bytes"}
    response = web.StreamResponse(status=status, headers=headers)
    if request.method == "HEAD":
        return web.Response(status=status, headers=headers)
    file.seek(start)
    if stop - start <= 1 << 20:
        return web.Response(status=status, headers=headers, body=file.read(stop - start))
    await response.prepare(request)
    while start < stop:
        chunk = file.read(min(1 << 18, stop - start))
        await response.write(chunk)
        start += len(chunk)
    await response.write_eof()
    return response


def _range(header: str, size: int) -> tuple[int, int]:
    """Half-open byte positions; several ranges and other units are answered in full, as RFC 9110 allows."""
    match = re.fullmatch(r"bytes=(\d*)-(\d*)", header.strip())
    if not match or not (match[1] or match[2]):
        return 0, size
    start, stop = (int(match[1]), int(match[2] or size) + 1) if match[1] else (max(0, size - int(match[2])), size)
    if start >= size or start >= stop:
        raise S3Error(416, "InvalidRange", "The requested range is not satisfiable")
    return start, min(stop, size)


def bucket_list(buckets: Iterable[tuple[str, float]]) -> web.Response:
    root = ElementTree.Element("ListAllMyBucketsResult")
    node = ElementTree.SubElement(root, "Buckets")
    for name, created_at in buckets:
        node.append(_tree("Bucket", {"Name": name, "CreationDate": _iso(created_at)}))
    return xml(root)


def listing(store: Store, bucket: str, query: dict[str, str]) -> web.Response:
    """ListObjectsV2; a continuation token is the last key or common prefix in base64."""
    if query.get("list-type") != "2":
        raise S3Error(501, "NotImplemented", "Only ListObjectsV2 (list-type=2) is served.")
    prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
    token, limit = query.get("continuation-token"), min(int(query.get("max-keys", MAX_KEYS)), MAX_KEYS)
    after = base64.urlsafe_b64decode(token).decode() if token else query.get("start-after", "")
    contents: list[Object] = []
    prefixes: list[str] = []
    last, truncated = "", False
    for found in store.keys_after(bucket, prefix, after):
        cut = found.key.find(delimiter, len(prefix)) if delimiter else -1
        folder = found.key[: cut + len(delimiter)] if cut >= 0 else ""
        if folder and folder in (last, after):
            continue  # one line stands for all keys below it, also across pages
        if len(contents) + len(prefixes) >= limit:
            truncated = True
            break
        last = folder or found.key
        if folder:
            prefixes.append(folder)
        else:
            contents.append(found)
    encode = quote if query.get("encoding-type") == "url" else str
    fields = {
        "Name": bucket,
        "Prefix": encode(prefix),
        "MaxKeys": str(limit),
        "KeyCount": str(len(contents) + len(prefixes)),
    }
    fields["IsTruncated"] = str(truncated).lower()
    fields |= {"Delimiter": encode(delimiter)} if delimiter else {}
    fields |= {"EncodingType": "url"} if query.get("encoding-type") == "url" else {}
    fields |= {"NextContinuationToken": base64.urlsafe_b64encode(last.encode()).decode()} if truncated else {}
    root = _tree("ListBucketResult", fields)
    for found in contents:
        entry = {"Key": encode(found.key), "LastModified": _iso(found.modified_at), "ETag": found.etag}
        root.append(_tree("Contents", {**entry, "Size": str(found.size), "StorageClass": "STANDARD"}))
    for folder in prefixes:
        root.append(_tree("CommonPrefixes", {"Prefix": encode(folder)}))
    return xml(root)


def deleted(store: Store, bucket: str, body: bytes) -> web.Response:
    """DeleteObjects: deleting what is not there succeeds, as in S3."""
    try:
        document = ElementTree.fromstring(body)
    except ElementTree.ParseError:
        raise S3Error(400, "MalformedXML", "The XML you provided was not well-formed.") from None
    root = ElementTree.Element("DeleteResult")
    for node in document.iter():
        if node.tag.rpartition("}")[2] == "Key" and node.text:
            store.delete(bucket, node.text)
            root.append(_tree("Deleted", {"Key": node.text}))
    return xml(root)


def _tree(tag: str, fields: dict[str, str]) -> ElementTree.Element:
    root = ElementTree.Element(tag)
    for name, value in fields.items():
        ElementTree.SubElement(root, name).text = value
    return root


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
