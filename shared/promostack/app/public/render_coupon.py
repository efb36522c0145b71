"""public/render-coupon: a code on a template, as an address or as the picture itself."""

from typing import Any

from promostack.app import services
from promostack.app.access import PUBLIC
from promostack.app.actors import actor_of
from promostack.app.endpoint import Endpoint
from promostack.app.request import Reply, Request
from promostack.publishing.schemas import PictureAnswer, RenderCoupon
from promostack.tenants import service as tenants

# A function's answer holds at most 1 MB, and a picture travels in it as base64.
MOST_INLINE_BYTES = 780_000

endpoint = Endpoint("public/render-coupon")


@endpoint.post(access=PUBLIC, body=RenderCoupon)
def render_coupon(request: Request, body: RenderCoupon) -> Reply | dict[str, Any]:
    tenant_id, actor = tenants.get_tenant_id(body.tenant), actor_of(request)
    if body.delivery == "inline":
        rendered, data = services.renders().render_inline(tenant_id, body.order(), channel="web", actor=actor)
        if len(data) <= MOST_INLINE_BYTES:
            return Reply(data, headers={"Content-Type": rendered.media_type})
    else:
        rendered = services.renders().render(tenant_id, body.order(), channel="web", actor=actor)
    return PictureAnswer.model_validate(rendered).model_dump(mode="json")
