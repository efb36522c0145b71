"""What a document says beyond one layer, understood alike: samples, conditions, groups, the logo overlay."""

from typing import Any

from playwright.sync_api import Page

from promostack.rendering.service import render

BOX = {"x": 40, "height": 120, "width": 700, "max_size": 90}


def text(name: str, y: int, content: str, **settings: Any) -> dict[str, Any]:
    return {"id": name, "type": "text", "y": y, "text": content, **BOX, **settings}


DOCUMENT = {
    "schema": 2,
    "slug": "rules",
    "name": "Rules",
    "fields": {"headline": {"sample": "The sample headline"}, "vip": {"sample": ""}, "plan": {"sample": "gold"}},
    "formats": {
        "square": {
            "width": 800,
            "height": 800,
            "background": {"color": "#FFFFFF"},
            "layers": [
                text("code", 0, "{code}", size_group="row"),
                text("headline", 120, "{headline}: {code}", size_group="row"),
                text("empty", 240, "{vip}", size_group="row"),
                text("vip", 360, "For {vip} only", visible_if={"field": "vip", "present": True}),
                text("everyone", 480, "For everyone", visible_if={"field": "vip", "present": False}),
                text("gold", 600, "Gold {link}", visible_if={"field": "plan", "equals": "gold"}),
                text("narrow", 700, "An unbreakable-word wider_than_its_box", width=160, lines=2, overflow="ellipsis"),
            ],
        }
    },
}


class NoAssets:
    def load(self, key: str) -> bytes:
        raise AssertionError(f"no asset is named, {key} was asked for")


def reports(page: Page, fields: dict[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Of the changing text layers, by id: the server's and the browser's."""
    served = render(
        DOCUMENT, format="square", fields=fields, code="WELCOME-30", assets=NoAssets(), referral_link="https://e.org"
    )
    order = {"format": "square", "fields": fields, "code": "WELCOME-30", "link": "https://e.org"}
    drawn = page.evaluate("([document, order]) => parity.report(document, order)", [DOCUMENT, order])
    server = {one.id: [one.size, list(one.lines), one.outcome, list(one.missing)] for one in served.report.texts}
    browser = {one["id"]: [one["size"], one["lines"], one["outcome"], one["missing"]] for one in drawn["texts"]}
    return server, {name: browser[name] for name in server}


def test_samples_conditions_and_groups(page: Page) -> None:
    server, browser = reports(page, {})

    assert browser == server
    assert {"everyone", "gold"} <= set(server)
    assert "vip" not in server


def test_given_fields_win_over_samples(page: Page) -> None:
    server, browser = reports(page, {"headline": "Neu", "vip": "الأعضاء", "plan": "silver"})

    assert browser == server
    assert "vip" in server
    assert not {"everyone", "gold"} & set(server)


def test_an_empty_field_counts_as_given(page: Page) -> None:
    server, browser = reports(page, {"headline": "", "plan": ""})

    assert browser == server
    assert "gold" not in server
