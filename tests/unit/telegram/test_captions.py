"""Captions are refused for what Telegram would refuse, and counted as it counts."""

import random

import pytest

from promostack.telegram import captions
from promostack.telegram.captions import CaptionRefused
from scripts.local.telegram.entities import utf16_length
from scripts.local.telegram.errors import ApiError
from scripts.local.telegram.html import parse_html

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
        # Every form of the Bot API's "HTML style".
        "<b>b</b> <strong>b</strong> <i>i</i> <em>i</em> <u>u</u> <ins>u</ins> <s>s</s>",
        "<strike>s</strike> <del>s</del> <tg-spoiler>a</tg-spoiler>",
        '<span class="tg-spoiler">a</span> <tg-emoji emoji-id="5368324170671202286">x</tg-emoji>',
        '<a href="tg://user?id=123456789">a</a> <a href="example.com">b</a> <a href=\'mailto:a@example.com\'>c</a>',
        '<pre>a</pre> <code>b</code> <pre><code class="language-python">c</code></pre>',
        "<blockquote>a</blockquote> <blockquote expandable>b</blockquote> <B>c</b > &#128512; &quot;",
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
        ("<span>x</span>", "does not know"),
        ('<tg-emoji emoji-id="0">x</tg-emoji>', "does not know"),
        ("<blockquote wide>x</blockquote>", "does not know"),
        ("<bold>x</bold>", "does not know"),
        ('<a href="javascript:alert(1)">x</a>', "does not know"),
        ("nul \x00", "control"),
        ("half \ud83e", "control"),
        ("x" * 1025, "1025 characters"),
        (CRAB * 513, "1026 characters"),
        # Telegram knows four names of characters and shows every other one as it is written.
        ("&nbsp;" * 200, "1200 characters"),
    ],
)
def test_what_telegram_would_refuse_never_gets_there(html: str, said: str) -> None:
    with pytest.raises(CaptionRefused, match=said):
        captions.checked(html)


TAGS = ("<b>", "</b>", "<I>", "</i>", "<span class='tg-spoiler'>", "</span>", '<a href="x.example">', "</a>", "<pre>")
MORE_TAGS = ("</pre>", "<blockquote expandable>", "</blockquote>", '<code class="language-c">', "</code>", "<br>", "<b")
PIECES = (*TAGS, *MORE_TAGS, "&lt;", "&copy;", "&#65;", "&#x1f980", "&amp", "&", "text ", CRAB, "3 > 2 ", "\n")


def test_what_is_taken_is_what_the_strict_stand_in_takes_and_counts() -> None:
    """The stand-in follows Telegram's own parser. It takes a few forms more, which nobody has to write."""
    chance = random.Random(20261123)
    taken = 0
    for _ in range(8_000):
        html = "".join(chance.choices(PIECES, k=chance.randrange(1, 7)))
        try:
            found = captions.units(html)
        except CaptionRefused:
            with pytest.raises(ApiError):
                parse_html(html)
            continue
        assert utf16_length(parse_html(html)[0]) == found, html
        taken += 1
    assert taken > 800


def test_a_typed_text_is_no_markup() -> None:
    assert captions.from_plain("5 < 6 & <b>") == "5 &lt; 6 &amp; &lt;b&gt;"
