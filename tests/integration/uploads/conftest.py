"""A staffed tenant, and files that its people send."""

import io
from collections.abc import Callable
from dataclasses import dataclass

import boto3
import pytest
import requests
from PIL import Image

from promostack.app import services
from promostack.integrations import spaces
from tests.integration.callers import Caller
from tests.integration.people import House, build_house
from tests.integration.public.calls import Answer


def logo(color: str = "teal", size: tuple[int, int] = (80, 60), kind: str = "PNG") -> bytes:
    """A picture that nobody else's is equal to when its colour is."""
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, kind)
    return out.getvalue()


@dataclass(frozen=True)
class Sender:
    """One person's calls of client/uploads."""

    caller: Caller

    def begin(self, data: bytes, media_type: str = "image/png") -> dict:
        body = {"purpose": "logo", "media_type": media_type, "bytes": len(data)}
        answer = self.caller.post("client/uploads", body)
        assert answer.status == 201, answer.body
        return answer.json

    def put(self, data: bytes, media_type: str = "image/png") -> dict:
        """Sends the file as the page does; gives the ticket."""
        ticket = self.begin(data, media_type)
        sent = requests.put(ticket["url"], data=data, headers=ticket["headers"], timeout=60)
        assert sent.status_code == 200, sent.text
        return ticket

    def finish(self, ticket: dict) -> Answer:
        return self.caller.post(f"client/uploads/{ticket['id']}/finish")


@pytest.fixture
def house(database, issuer, store) -> House:
    spaces.private_bucket.cache_clear()
    services.uploads.cache_clear()
    return build_house(database, issuer)


@pytest.fixture
def sender(house: House) -> Sender:
    return Sender(house.owner.caller)


@pytest.fixture
def objects(house: House, s3_address: str) -> Callable[[], set[str]]:
    """Names of all objects of the tenant in both buckets."""
    client = boto3.client(
        "s3",
        endpoint_url=s3_address,
        aws_access_key_id="test-access",
        aws_secret_access_key="test-secret",
        region_name="local",
    )

    def listed() -> set[str]:
        return {
            f"{bucket}/{each['Key']}"
            for bucket in ("public", "private")
            for prefix in (f"uploads/{house.tenant_id}/", f"renders/{house.tenant_id}/")
            for each in client.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", [])
        }

    return listed
