"""Captions are refused for what Telegram would refuse, and counted as it counts."""

import pytest

from promostack.telegram import captions
from promostack.telegram.captions import CaptionRefused

CRAB = "\U0001f980"  # two UTF-16 units


@pytest.mark.parametrize(
    "html",
    [
        "",
        "plain & simple, 3 > 2",
        "<b>bold <i>and more</i></b>\nnext line",
        '<a href="https://shop.example.com/?a=1&amp;b=2">here</a>',
        "x" * 1024,
        "<b>" + "x" * 1024 + "</b>",
        "&lt;" * 1024,
        CRAB * 512,
    ],
)
def test_what_telegram_takes_is_taken_as_it_is(html: str) -> None:
    assert captions.checked(html) == html


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("a < b", "at 3"),
        ("<b>open", "<b> is never closed"),
        ("</b>", "closes nothing"),
        ("<b><i>crossed</b></i>", "</b> closes nothing"),
        ("<script>", "does not know"),
        ("<b onclick=x>", "does not know"),
        ('<b href="https://example.com">x</b>', "does not know"),
        ("<a>x</a>", "does not know"),
        ('<a href="javascript:alert(1)">x</a>', "does not know"),
        ("nul \x00", "control"),
        ("half \ud83e", "control"),
        ("x" * 1025, "1025 characters"),
        (CRAB * 513, "1026 characters"),
    ],
)
def test_what_telegram_would_refuse_never_gets_there(html: str, said: str) -> None:
    with pytest.raises(CaptionRefused, match=said):
        captions.checked(html)


def test_a_typed_text_is_no_markup() -> None:
    assert captions.from_plain("5 < 6 & <b>") == "5 &lt; 6 &amp; &lt;b&gt;"
