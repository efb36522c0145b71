"""Preview and server agree on how texts stand out, what is clipped, and what is done about it."""

from typing import Any

import pytest
from playwright.sync_api import Page

from promostack.rendering.service import render
from tests.parity import measure
from tests.parity.pictures import LINK, _SeedArt, draw_twice, seed_documents

SEEDS = dict(seed_documents())
PHOTO = SEEDS["golden-hour"]["formats"]["feed"]["background"]["asset"]
# Photos are decoded by two programs: a step or two of 255 in a cell's mean colour.
MOST_APART_PER_CENT = 2
KEYS = ("clipped", "corrected")

CASES: dict[str, dict[str, Any]] = {
    "plain": {},
    "turned": {"rotation": 20},
    "faded": {"opacity": 0.7, "background": {"color": "#FFFFFFC0", "padding": 30}},
    "masked": {"mask": {"kind": "rect"}, "background": {"color": "#204060", "fit": "text"}},
    "gradient": {"fill": {"stops": [{"at": 0, "color": "#FFF"}, {"at": 1, "color": "#F80"}]}},
    "halo": {"stroke": {"color": "#101010", "width": 9}},
    "scrim": {"contrast": {"least": 7}},
    "turned-scrim": {"contrast": {"least": 4.5}, "rotation": -12, "fill": "#FFB347"},
    "faded-scrim": {"contrast": {"least": 3}, "opacity": 0.8, "shadow": {"dx": 2, "dy": 2, "blur": 6}},
    "stroke": {"contrast": {"fix": "stroke", "width": 8}, "fill": "#E8A060"},
    "cut": {"overflow": "ellipsis", "min_size": 120},
    "beyond": {"x": 500},
}


def document(settings: dict[str, Any]) -> dict[str, Any]:
    layer = {"id": "one", "type": "text", "x": 90, "y": 420, "width": 900, "height": 320, "max_size": 120, "lines": 2}
    text = {"text": "Summer sale {code} on the beach 🎉", "font": {"family": "Anton"}}
    shape = {"width": 1080, "height": 1350, "background": {"asset": PHOTO}, "layers": [{**layer, **text, **settings}]}
    return {"schema": 2, "slug": "contrast", "name": "Contrast", "formats": {"only": shape}}


def assert_alike(page: Page, document: dict[str, Any], *, format: str, scale: int) -> None:
    fields = {name: rule.get("sample", "") for name, rule in document.get("fields", {}).items()}
    given = {"format": format, "fields": fields, "code": "WELCOME-30", "scale": scale}
    served = render(document, assets=_SeedArt(), output="png", referral_link=LINK, **given)
    drawn = page.evaluate("([document, order]) => parity.report(document, order)", [document, {**given, "link": LINK}])
    browser = {one["id"]: one for one in drawn["texts"]}
    for text in served.report.texts:
        mine, other = vars(text), browser[text.id]
        assert {key: other[key] for key in KEYS} == {key: mine[key] for key in KEYS}, text.id
        assert (other["contrast"] is None) == (text.contrast is None), text.id
        if text.contrast is not None:
            assert other["contrast"] == pytest.approx(text.contrast, rel=MOST_APART_PER_CENT / 100), text.id


@pytest.mark.parametrize("name", CASES)
def test_a_text_over_a_photo_is_judged_alike(page: Page, name: str) -> None:
    for scale in (1, 2) if name == "scrim" else (1,):
        assert_alike(page, document(CASES[name]), format="only", scale=scale)


@pytest.mark.parametrize("number", range(len(SEEDS)), ids=list(SEEDS))
def test_seed_templates_are_judged_alike(page: Page, number: int) -> None:
    seed = list(SEEDS.values())[number]
    formats = list(seed["formats"])

    assert_alike(page, seed, format=formats[number % len(formats)], scale=1)


@pytest.mark.parametrize("name", ["scrim", "turned-scrim", "faded-scrim", "stroke"])
def test_what_is_corrected_looks_the_same(page: Page, name: str) -> None:
    pair = draw_twice(page, document(CASES[name]), name=f"contrast-{name}", format="only")

    assert measure.ssim(pair.server, pair.browser) >= 0.998, pair.save()
    assert 100 * measure.differing(pair.server, pair.browser).mean() <= 0.1, pair.save()
