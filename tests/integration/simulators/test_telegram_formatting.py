"""Both Markdown modes: what becomes of a text, and what can't be read."""

import pytest

CHARACTER = "can't parse entities: Character '{}' is reserved and must be escaped with the preceding '\\'"


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("*b _i_ __u__*", "b i u", ["0-5 bold", "2-3 italic", "4-5 underline"]),
        ("~s~ ||sp||", "s sp", ["0-1 strikethrough", "2-4 spoiler"]),
        ("😀*b*", "😀b", ["2-3 bold"]),
        ("`a.b` ```py\nx=1```", "a.b x=1", ["0-3 code", "4-7 pre py"]),
        ("[l](https://a.example/\\)x)", "l", ["0-1 text_link https://a.example/)x"]),
        ("a\\.b\\!", "a.b!", []),
        (">q1\n>q2\nafter", "q1\nq2\nafter", ["0-5 blockquote"]),
        (">q||", "q", ["0-1 expandable_blockquote"]),
        ("![e](tg://emoji?id=123)", "e", ["0-1 custom_emoji 123"]),
        ("*b* /help", "b /help", ["0-1 bold", "2-7 bot_command"]),
        ("**x", "x", []),
    ],
)
def test_markdown_v2_becomes_text_and_entities(scene, source, text, entities):
    message = scene.send(text=source, parse_mode="MarkdownV2")

    assert message["text"] == text
    assert [shown(entity) for entity in message.get("entities", [])] == entities


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("*b* _i_ `c`", "b i c", ["0-1 bold", "2-3 italic", "4-5 code"]),
        ("[l](http://a.example/)", "l", ["0-1 text_link http://a.example/"]),
        ("```py\nx``` \\_", "x _", ["0-1 pre py"]),
        ("a.b! (c)", "a.b! (c)", []),
    ],
)
def test_old_markdown_becomes_text_and_entities(scene, source, text, entities):
    message = scene.send(text=source, parse_mode="Markdown")

    assert message["text"] == text
    assert [shown(entity) for entity in message.get("entities", [])] == entities


def shown(entity):
    about = [entity.get(name) for name in ("url", "language", "custom_emoji_id") if entity.get(name)]
    return " ".join([f"{entity['offset']}-{entity['offset'] + entity['length']}", entity["type"], *about])


@pytest.mark.parametrize(
    ("mode", "source", "reason"),
    [
        ("MarkdownV2", "a.b", CHARACTER.format(".")),
        ("MarkdownV2", "30 % (off)", CHARACTER.format("(")),
        ("MarkdownV2", "WELCOME-30", CHARACTER.format("-")),
        ("MarkdownV2", "a>b", CHARACTER.format(">")),
        ("MarkdownV2", "x|y", CHARACTER.format("|")),
        ("MarkdownV2", "*a", "can't parse entities: Can't find end of Bold entity at byte offset 0"),
        ("MarkdownV2", "é__a", "can't parse entities: Can't find end of Underline entity at byte offset 2"),
        ("MarkdownV2", "a||", "can't parse entities: Can't find end of Spoiler entity at byte offset 1"),
        ("MarkdownV2", "```py x", "can't parse entities: Can't find end of PreCode entity at byte offset 0"),
        ("MarkdownV2", ">a *b\nc", "can't parse entities: Can't find end of Bold entity at byte offset 3"),
        ("MarkdownV2", "[a](b", "can't parse entities: Can't find end of a URL at byte offset 4"),
        ("MarkdownV2", "![a]", "can't parse entities: The entity must contain a tg://emoji or tg://time URL"),
        ("MarkdownV2", "![a](x)", "can't parse entities: Invalid tg://emoji or tg://time URL specified"),
        ("Markdown", "a_b", "can't parse entities: Can't find end of the entity starting at byte offset 1"),
        ("Markdown", "é[a", "can't parse entities: Can't find end of the entity starting at byte offset 2"),
    ],
)
def test_broken_markdown_is_refused_in_telegrams_words(scene, mode, source, reason):
    answer = scene.call("sendMessage", chat_id=scene.user_id, text=source, parse_mode=mode)

    assert answer == {"ok": False, "error_code": 400, "description": f"Bad Request: {reason}"}
