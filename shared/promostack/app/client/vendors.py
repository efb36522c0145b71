"""client/vendors: the services that the workspace is connected with by a key, how each is, and what it needs next."""

from typing import Any

from promostack.app import services
from promostack.app.endpoint import Endpoint
from promostack.app.request import Request
from promostack.app.signed_in import acting, member
from promostack.auth.models import Member
from promostack.onboarding import stripe_keys, vendors
from promostack.onboarding.vendor_schemas import (
    ConnectByKey,
    ConnectFunderPro,
    ConnectStripe,
    VendorAnswer,
    VendorList,
)
from promostack.onboarding.vendor_words import NAMES, status_of
from promostack.onboarding.vendors import Vendor

endpoint = Endpoint("client/vendors")


@endpoint.get(access=member("tenant.read"))
def list_vendors(request: Request) -> dict[str, Any]:
    found = vendors.read(request.caller_as(Member).tenant_id)
    return VendorList(items=[_told(each) for each in found]).model_dump(mode="json")


@endpoint.put("stripe", access=member("connections.write"), body=ConnectStripe)
def connect_stripe(request: Request, body: ConnectStripe) -> dict[str, Any]:
    tenant_id = request.caller_as(Member).tenant_id
    stripe_keys.connect(
        tenant_id,
        body.key.strip(),
        allows_test=body.test,
        probe=services.stripe_probe(),
        actor=acting(request),
    )
    return _answer(vendors.find(tenant_id, "stripe"))


@endpoint.put("funderpro", access=member("connections.write"), body=ConnectFunderPro)
def connect_funderpro(request: Request, body: ConnectFunderPro) -> dict[str, Any]:
    tenant_id = request.caller_as(Member).tenant_id
    return _answer(services.vendors().use_discounts(tenant_id, tuple(body.product_ids), actor=acting(request)))


@endpoint.put("twelve_data", access=member("connections.write"), body=ConnectByKey)
def connect_twelve_data(request: Request, body: ConnectByKey) -> dict[str, Any]:
    tenant_id = request.caller_as(Member).tenant_id
    return _answer(services.vendors().keep_key(tenant_id, "twelve_data", body.key.strip(), actor=acting(request)))


@endpoint.put("openai", access=member("connections.write"), body=ConnectByKey)
def connect_openai(request: Request, body: ConnectByKey) -> dict[str, Any]:
    tenant_id = request.caller_as(Member).tenant_id
    return _answer(services.vendors().keep_key(tenant_id, "openai", body.key.strip(), actor=acting(request)))


@endpoint.post("{kind}/check", access=member("connections.write"))
def check(request: Request, kind: str) -> dict[str, Any]:
    return _answer(services.vendors().check(request.caller_as(Member).tenant_id, kind, actor=acting(request)))


@endpoint.delete("{kind}", access=member("connections.write"))
def disconnect(request: Request, kind: str) -> dict[str, Any]:
    return _answer(vendors.disconnect(request.caller_as(Member).tenant_id, kind, actor=acting(request)))


def _answer(vendor: Vendor) -> dict[str, Any]:
    return _told(vendor).model_dump(mode="json")


def _told(vendor: Vendor) -> VendorAnswer:
    status, problem, following = status_of(vendor.kind, vendor.noted) if vendor.is_connected else (None, None, None)
    found = vendor.noted.finding if vendor.noted else None
    return VendorAnswer(
        kind=vendor.kind,
        name=NAMES[vendor.kind],
        is_connected=vendor.is_connected,
        last4=vendor.last4,
        connected_at=vendor.connected_at,
        checked_at=vendor.noted.checked_at if vendor.noted else None,
        status=status,
        problem=problem,
        next=following,
        mode=found.mode if found else None,
        account=found.account if found else None,
        product_ids=list(vendor.product_ids),
    )
