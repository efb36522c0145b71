"""public/validate-coupon: is this code good?"""

from typing import Any

from promostack.app import services
from promostack.app.access import PUBLIC
from promostack.app.actors import actor_of
from promostack.app.endpoint import Endpoint
from promostack.app.request import Request
from promostack.coupons.schemas import CouponAnswer, ValidateCoupon
from promostack.tenants import service as tenants

endpoint = Endpoint("public/validate-coupon")


@endpoint.post(access=PUBLIC, body=ValidateCoupon)
def validate_coupon(request: Request, body: ValidateCoupon) -> dict[str, Any]:
    tenant = tenants.get_tenant(tenants.get_tenant_id(body.tenant))
    check = services.coupons().check(tenant, body.code, actor=actor_of(request))
    return CouponAnswer.model_validate(check).model_dump(mode="json")
