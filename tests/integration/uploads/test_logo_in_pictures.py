"""A new logo is in the next picture, of the web and of the bot, and pictures already made stay what they were."""

import io

import pytest
import requests
from PIL import Image

from promostack.app import services
from promostack.publishing.models import Rendered, RenderOrder
from promostack.templates import service as templates
from promostack.tenants.models import FunderProSettings, TenantSettings
from tests.integration.people import House
from tests.integration.uploads.conftest import Sender, logo

LOGO_PX = (20, 20, 100, 100)
ORDER = RenderOrder("plain", "square", "summer25", output="png")


@pytest.fixture
def shop(database, house: House, crm) -> House:
    """The tenant sells: its template has a place for the logo and a code that is good."""
    services.coupons.cache_clear()
    services.renders.cache_clear()
    settings = TenantSettings(coupon_providers=(FunderProSettings(),)).model_dump_json(exclude_defaults=True)
    database.query("UPDATE tenants SET settings = %s WHERE tenant_id = %s", settings, house.tenant_id)
    left, top, right, bottom = LOGO_PX
    layer = {"id": "logo", "type": "logo", "x": left, "y": top, "width": right - left, "height": bottom - top}
    shape = {"width": 200, "height": 200, "background": {"color": "#102030"}, "layers": [layer]}
    document = {"schema": 2, "slug": "plain", "name": "Plain", "fields": {}, "formats": {"square": shape}}
    templates.publish(house.tenant_id, document)
    return house


def render(house: House, channel: str) -> Rendered:
    return services.renders().render(house.tenant_id, ORDER, channel=channel, actor=f"test:{channel}")


def middle_of_logo(rendered: Rendered) -> tuple[int, ...]:
    with Image.open(io.BytesIO(requests.get(rendered.url, timeout=60).content)) as picture:
        return picture.convert("RGB").getpixel((60, 60))


@pytest.mark.parametrize("channel", ["web", "bot"])
def test_the_next_picture_carries_the_new_logo(shop: House, sender: Sender, channel: str) -> None:
    before = render(shop, channel)
    for color, seen in (("red", (255, 0, 0)), ("blue", (0, 0, 255))):
        assert sender.finish(sender.put(logo(color, (80, 80)))).status == 200
        now = render(shop, channel)
        assert middle_of_logo(now) == seen
        assert not now.cached
        assert render(shop, channel).cached
    assert middle_of_logo(before) == (16, 32, 48), "a picture already made stays what it was"
    shop.owner.caller.delete("client/settings/logo")
    assert render(shop, channel).sha256 == before.sha256
