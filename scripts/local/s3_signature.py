"""AWS Signature Version 4 for S3, verified on the server's side: the Authorization header and presigned queries.

Source: "Authenticating Requests (AWS Signature Version 4)" of the Amazon S3 API reference. Chunked uploads
(`STREAMING-…` payloads) are not taken: the product's client signs whole bodies.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, unquote

ALGORITHM = "AWS4-HMAC-SHA256"
UNSIGNED = "UNSIGNED-PAYLOAD"
MAX_SKEW = timedelta(minutes=15)
MAX_EXPIRY_S = 7 * 24 * 3600


class S3Error(Exception):
    """An answer in S3's error form."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


@dataclass(frozen=True)
class Request:
    """What a signature covers. `query` holds decoded pairs in order; header names are lower-case."""

    method: str
    raw_path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Signed:
    """A verified request; `payload_sha256` is None when the signature does not cover the body."""

    access_key: str
    payload_sha256: str | None


@dataclass(frozen=True)
class _Claim:
    access_key: str
    scope: str
    signed_headers: tuple[str, ...]
    signature: str
    date: str
    payload: str


def parse_query(raw: str) -> tuple[tuple[str, str], ...]:
    """Pairs as S3 reads them: `+` is a plus sign, a name without `=` has an empty value."""
    pairs = (part.partition("=") for part in raw.split("&") if part)
    return tuple((unquote(name), unquote(value)) for name, _, value in pairs)


def verify(request: Request, keys: Mapping[str, str], now: datetime | None = None) -> Signed | None:
    """Check the request against `keys` (access key → secret); None when it carries no signature at all.

    Raises S3Error with the code that S3 uses for what is wrong.
    """
    now = now or datetime.now(UTC)
    query = dict(request.query)
    if "authorization" in request.headers:
        claim = _claim_of_header(request)
        _check_skew(claim.date, now)
    elif "X-Amz-Signature" in query or "X-Amz-Algorithm" in query:
        claim = _claim_of_query(query)
        _check_expiry(claim.date, query.get("X-Amz-Expires", ""), now)
    else:
        return None
    secret = keys.get(claim.access_key)
    if secret is None:
        raise S3Error(403, "InvalidAccessKeyId", "The access key does not exist in our records.")
    if not hmac.compare_digest(_signature(request, claim, secret), claim.signature):
        raise S3Error(403, "SignatureDoesNotMatch", "The signature we calculated does not match the one you sent.")
    return Signed(claim.access_key, None if claim.payload == UNSIGNED else claim.payload)


def _claim_of_header(request: Request) -> _Claim:
    match = re.fullmatch(
        ALGORITHM + r"\s+Credential=([^,]+?),\s*SignedHeaders=([^,]+?),\s*Signature=([0-9a-f]{64})",
        request.headers["authorization"].strip(),
    )
    if not match:
        raise S3Error(400, "AuthorizationHeaderMalformed", "The authorization header is not a version 4 signature.")
    payload = request.headers.get("x-amz-content-sha256", "")
    if payload != UNSIGNED and not re.fullmatch("[0-9a-f]{64}", payload):
        raise S3Error(501, "NotImplemented", "x-amz-content-sha256 must be a SHA-256 or UNSIGNED-PAYLOAD.")
    date = request.headers.get("x-amz-date", "")
    return _claim(match[1], match[2], match[3], date, payload)


def _claim_of_query(query: Mapping[str, str]) -> _Claim:
    required = ("X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders")
    if any(name not in query for name in (*required, "X-Amz-Signature")) or query["X-Amz-Algorithm"] != ALGORITHM:
        raise S3Error(400, "AuthorizationQueryParametersError", "A presigned query names all of its parameters.")
    return _claim(
        query["X-Amz-Credential"], query["X-Amz-SignedHeaders"], query["X-Amz-Signature"], query["X-Amz-Date"], UNSIGNED
    )


def _claim(credential: str, signed_headers: str, signature: str, date: str, payload: str) -> _Claim:
    access_key, _, scope = credential.partition("/")
    parts = scope.split("/")
    if len(parts) != 4 or parts[2:] != ["s3", "aws4_request"] or parts[0] != date[:8]:
        raise S3Error(400, "AuthorizationHeaderMalformed", "The credential's scope is not DATE/REGION/s3/aws4_request.")
    names = tuple(signed_headers.split(";"))
    if "host" not in names:
        raise S3Error(403, "AccessDenied", "The host header must be signed.")
    return _Claim(access_key, scope, names, signature, date, payload)


def _parse_date(date: str) -> datetime:
    try:
        return datetime.strptime(date, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise S3Error(403, "AccessDenied", "The request has no valid X-Amz-Date.") from None


def _check_skew(date: str, now: datetime) -> None:
    if abs(now - _parse_date(date)) > MAX_SKEW:
        raise S3Error(403, "RequestTimeTooSkewed", "The request's time is too far from the server's time.")


def _check_expiry(date: str, expires: str, now: datetime) -> None:
    if not expires.isdigit() or not 0 < int(expires) <= MAX_EXPIRY_S:
        raise S3Error(400, "AuthorizationQueryParametersError", "X-Amz-Expires is 1 to 604800 seconds.")
    signed_at = _parse_date(date)
    if signed_at - now > MAX_SKEW:
        raise S3Error(403, "AccessDenied", "Request is not valid yet")
    if now > signed_at + timedelta(seconds=int(expires)):
        raise S3Error(403, "AccessDenied", "Request has expired")


def _signature(request: Request, claim: _Claim, secret: str) -> str:
    canonical = "\n".join(
        [
            request.method,
            quote(unquote(request.raw_path), safe="/-_.~"),
            _canonical_query(request.query),
            *(f"{name}:{' '.join(request.headers.get(name, '').split())}" for name in claim.signed_headers),
            "",
            ";".join(claim.signed_headers),
            claim.payload,
        ]
    )
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    key = b"AWS4" + secret.encode()
    for part in claim.scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    text = "\n".join([ALGORITHM, claim.date, claim.scope, digest])
    return hmac.digest(key, text.encode(), "sha256").hex()


def _canonical_query(query: tuple[tuple[str, str], ...]) -> str:
    encoded = sorted((quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in query)
    return "&".join(f"{name}={value}" for name, value in encoded if name != "X-Amz-Signature")
