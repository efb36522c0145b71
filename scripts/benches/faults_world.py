"""What the fault run needs in the database before it begins: tenants, a small template of each, bots. Prints the bots.

Run in a process of its own with the variables of the functions, so that nothing else of the run knows the library.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from promostack.core import config
from promostack.integrations import spaces, telegram_bot
from promostack.publishing.gallery import Gallery
from promostack.telegram import bots
from promostack.tenants import service as tenants
from promostack.tenants.models import FunderProSettings, TenantSettings
from scripts.local import seed

BOTS_OF_A_TENANT = 12


def _template(slug: str) -> dict[str, Any]:
    """Small, so that the run is about sending, not about drawing."""
    code = {
        "id": "code", "type": "text", "x": 10, "y": 40, "width": 220, "height": 60, "text": "{code}",
        "font": {"family": "Inter", "weight": 700}, "max_size": 40, "min_size": 10, "fill": "#FFFFFF",
    }  # fmt: skip
    square = {"width": 240, "height": 140, "background": {"color": "#123456"}, "layers": [code]}
    return {"schema": 2, "slug": slug, "name": slug.title(), "fields": {}, "formats": {"square": square}}


def main() -> None:
    """argv: how many bots, the simulator's own address."""
    count, simulator = int(sys.argv[1]), sys.argv[2]
    config.require("DATABASE_URL")
    bucket = spaces.public_bucket()
    for upload in seed.fonts():
        bucket.put(upload.key, upload.path.read_bytes(), media_type="font/ttf", immutable=upload.immutable)
    gallery = Gallery(store=bucket, assets=spaces.CachedReads(bucket))
    settings = TenantSettings(
        referral_link="https://example.com/?promo={code}", coupon_providers=(FunderProSettings(),)
    )
    made, tenant_id = [], ""
    for number in range(count):
        if number % BOTS_OF_A_TENANT == 0:
            tenant_id = tenants.ensure_tenant(f"faults-{number:03d}", name=f"Faults {number}", settings=settings)
            for position, slug in enumerate(("plain", "bold")):
                gallery.publish(tenant_id, _template(slug), position=position)
        token = _new_bot(simulator, number)
        bot = bots.connect(
            tenant_id, token, webhook_base=config.require("FUNCTIONS_API_HOST") + "/api", call=telegram_bot.call
        )
        telegram_id = int(token.partition(":")[0])
        made.append({"tenant": tenant_id, "id": bot.id, "telegram_id": telegram_id, "username": bot.username})
    print(json.dumps(made))


def _new_bot(simulator: str, number: int) -> str:
    import urllib.request

    body = json.dumps({"username": f"faults_{number:03d}_bot", "first_name": "Faults"}).encode()
    request = urllib.request.Request(
        f"{simulator}/_control/bots", data=body, method="POST", headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        return str(json.load(answer)["token"])


if __name__ == "__main__":
    main()
