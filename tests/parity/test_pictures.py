"""The preview and the server's picture are one picture."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route

from tests.parity import measure, shapes
from tests.parity.pictures import GROUND, SEED, draw_twice, seed_documents, text_document

SEEDS = dict(seed_documents())
PHOTO = SEEDS["golden-hour"]["formats"]["feed"]["background"]["asset"]
STENCIL = f"seed/{next((SEED / 'art').glob('logo-*.png')).name}"
SHAPES = shapes.documents(PHOTO, STENCIL)
LEAST_SSIM = 0.998
LEAST_TEXT_SSIM = 0.998
MOST_INK_PER_CENT = 1.2
MOST_PIXELS_PER_CENT = 0.1


@pytest.mark.parametrize("number", range(len(SEEDS)), ids=list(SEEDS))
def test_a_seed_template_looks_the_same(page: Page, number: int) -> None:
    name = list(SEEDS)[number]
    document = SEEDS[name]
    formats = list(document["formats"])
    scale = 2 if number % 6 == 0 else 1
    pair = draw_twice(page, document, name=name, format=formats[number % len(formats)], scale=scale)

    ssim = measure.ssim(pair.server, pair.browser)
    share = 100 * measure.differing(pair.server, pair.browser).mean()

    assert ssim >= LEAST_SSIM, pair.save()
    assert share <= MOST_PIXELS_PER_CENT, pair.save()


@pytest.mark.parametrize("name", SHAPES)
def test_each_kind_of_layer_looks_the_same(page: Page, name: str) -> None:
    pair = draw_twice(page, SHAPES[name], name=f"shape-{name}", format="only")

    assert measure.ssim(pair.server, pair.browser) >= LEAST_SSIM, pair.save()
    assert 100 * measure.differing(pair.server, pair.browser).mean() <= MOST_PIXELS_PER_CENT, pair.save()


@pytest.mark.parametrize("number", range(0, 278, 16))
def test_text_looks_the_same(page: Page, cases: list[dict[str, Any]], number: int) -> None:
    case = cases[number]
    code = case.get("values", {}).get("code", "")
    document = text_document(case, rotation=(0, 0, 7)[number % 3])
    pair = draw_twice(page, document, name=case["name"], format="only", code=code, scale=1 + number % 2)
    box = measure.ink_box(pair.server, GROUND)
    assert box is not None

    server, browser = pair.server.crop(box), pair.browser.crop(box)

    assert measure.ssim(server, browser) >= LEAST_TEXT_SSIM, pair.save()
    assert measure.ink_share(server, browser, GROUND) <= MOST_INK_PER_CENT, pair.save()


def test_previews_need_no_network_after_loading(page: Page) -> None:
    document = next(iter(SEEDS.values()))
    page.evaluate("document => parity.load(document)", document)
    asked: list[str] = []

    def cut(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    page.route("**/*", cut)
    try:
        for format in document["formats"]:
            order = {"format": format, "code": "ANOTHER-CODE_9", "scale": 0.5}
            assert page.evaluate("([document, order]) => parity.draw(document, order)", [document, order])
    finally:
        page.unroute("**/*")
    assert asked == []
