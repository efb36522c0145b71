"""client/coupons: the tenant's own codes, redeeming and releasing them, and where codes are checked."""

from typing import Any

from promostack.app.endpoint import Endpoint
from promostack.app.request import Reply, Request
from promostack.app.signed_in import acting, member
from promostack.auth.models import Member
from promostack.core import cursors
from promostack.core.clock import SystemClock
from promostack.coupons import local, providers
from promostack.coupons.errors import TermsRefused
from promostack.coupons.local import LocalCode, Terms, why_refused
from promostack.coupons.local_schemas import (
    ChosenProviders,
    NewCode,
    OwnCodeAnswer,
    OwnCodePage,
    ProviderAnswer,
    ProvidersAnswer,
    RedeemCode,
    RedemptionAnswer,
    ReleaseAnswer,
    ReleaseCode,
    TermsInput,
)
from promostack.tenants.schemas import PageQuery

endpoint = Endpoint("client/coupons")

_clock = SystemClock()


@endpoint.get(access=member("coupons.read"), query=PageQuery)
def list_codes(request: Request, query: PageQuery) -> dict[str, Any]:
    after = cursors.decode(query.cursor, cursors.text)[0] if query.cursor else ""
    found = local.list_codes(request.caller_as(Member).tenant_id, after=after, most=query.limit + 1)
    page = found[: query.limit]
    following = cursors.encode(page[-1].code) if len(found) > len(page) else None
    return OwnCodePage(items=[_told(code) for code in page], next=following).model_dump(mode="json")


@endpoint.post(access=member("coupons.write"), body=NewCode)
def add_code(request: Request, body: NewCode) -> Reply:
    added = local.add(request.caller_as(Member).tenant_id, body.code, _terms(body), actor=acting(request))
    return Reply(_told(added).model_dump(mode="json"), status=201)


# Codes are printed in capitals, so that no code is called `providers`.
@endpoint.get("providers", access=member("coupons.read"))
def read_providers(request: Request) -> dict[str, Any]:
    return _places(providers.read(request.caller_as(Member).tenant_id))


@endpoint.put("providers", access=member("coupons.write"), body=ChosenProviders)
def choose_providers(request: Request, body: ChosenProviders) -> dict[str, Any]:
    return _places(providers.choose(request.caller_as(Member).tenant_id, body.providers, actor=acting(request)))


@endpoint.put("{code}", access=member("coupons.write"), body=TermsInput)
def change_code(request: Request, body: TermsInput, code: str) -> dict[str, Any]:
    changed = local.change(request.caller_as(Member).tenant_id, code, _terms(body), actor=acting(request))
    return _told(changed).model_dump(mode="json")


@endpoint.post("{code}/redeem", access=member("coupons.redeem"), body=RedeemCode)
def redeem_code(request: Request, body: RedeemCode, code: str) -> dict[str, Any]:
    made = local.redeem(
        request.caller_as(Member).tenant_id,
        code,
        order_key=body.order,
        customer=body.customer,
        amount_minor=body.amount_minor,
        now=_clock.now(),
        actor=acting(request),
    )
    return RedemptionAnswer(
        code=made.code,
        order=body.order,
        customer=made.customer,
        amount_minor=made.amount_minor,
        redeemed_at=made.redeemed_at,
    ).model_dump(mode="json")


@endpoint.post("{code}/release", access=member("coupons.redeem"), body=ReleaseCode)
def release_code(request: Request, body: ReleaseCode, code: str) -> dict[str, Any]:
    tenant_id = request.caller_as(Member).tenant_id
    released = local.release(tenant_id, code, order_key=body.order, now=_clock.now(), actor=acting(request))
    return ReleaseAnswer(released=released).model_dump()


def _terms(body: TermsInput) -> Terms:
    """The terms as they are kept; raises TermsRefused for what contradicts itself."""
    wrong = {}
    if body.starts_at and body.ends_at and body.starts_at >= body.ends_at:
        wrong["ends_at"] = "the end comes after the start"
    if (body.budget_minor is None) != (body.currency is None):
        wrong["currency" if body.currency is None else "budget_minor"] = "a budget is an amount and its currency"
    if wrong:
        raise TermsRefused(f"Check these fields: {', '.join(wrong)}.", fields=wrong)
    return Terms(**{name: getattr(body, name) for name in Terms.__dataclass_fields__})


def _told(code: LocalCode) -> OwnCodeAnswer:
    terms = {name: getattr(code.terms, name) for name in Terms.__dataclass_fields__}
    counted = {name: getattr(code, name) for name in ("code", "redeemed", "spent_minor", "created_at")}
    return OwnCodeAnswer(**terms, **counted, refusal=why_refused(code, now=_clock.now()))


def _places(places: list[providers.Place]) -> dict[str, Any]:
    return ProvidersAnswer(providers=[ProviderAnswer.model_validate(each) for each in places]).model_dump()
