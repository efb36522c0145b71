"""Formatted text: parse_mode HTML and the entities that Telegram finds by itself.

The HTML rules, messages and byte offsets are those of tdlib/td (MessageEntity.cpp, parse_html); offsets of entities
count UTF-16 code units.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from .errors import bad_request

Entity = dict[str, Any]

SIMPLE_TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler", "span": "spoiler",
}  # fmt: skip
TAGS = {*SIMPLE_TAGS, "a", "code", "pre", "blockquote", "tg-emoji", "tg-time"}
CHARACTER_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([A-Za-z]+));?")
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
ATTRIBUTE = re.compile(r"\s*(?P<name>[^\s=>/\"']+)\s*(?P<equals>=\s*(?P<value>\"[^\"]*\"|'[^']*'|[\w.-]*))?")
FOUND_ALONE = [
    ("url", re.compile(r"https?://[^\s<>\"]+[^\s<>\".,!?;:)\]]|(?<![\w@.])(?:[\w-]+\.)+(?:com|org|net|me|io)\b[^\s]*")),
    ("email", re.compile(r"(?<![\w.])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("mention", re.compile(r"(?<![\w@/])@[A-Za-z][A-Za-z0-9_]{3,31}\b")),
    ("bot_command", re.compile(r"(?<![\w/<])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])")),
    ("hashtag", re.compile(r"(?<![\w#])#(?=\w*[^\W\d])\w{1,256}")),
]


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@dataclass
class _Open:
    tag: str
    argument: str
    offset: int
    begin: int


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """(text, entities) of Telegram's HTML subset. Raises 400 "can't parse entities: …" as the vendor words it."""
    text = ""
    entities: list[Entity] = []
    stack: list[_Open] = []
    position = 0
    while position < len(source):
        if source[position] == "&" and (reference := _decode(source, position)):
            text += reference[0]
            position = reference[1]
        elif source[position] != "<":
            text += source[position]
            position += 1
        elif source.startswith("</", position):
            position = _close_tag(source, position, text, stack, entities)
        else:
            position = _open_tag(source, position, text, stack)
    if stack:
        raise _unparsable(f'Can\'t find end tag corresponding to start tag "{stack[-1].tag}"')
    return text, _sorted(entities)


def _unparsable(reason: str) -> Exception:
    return bad_request(f"can't parse entities: {reason}")


def _byte_offset(source: str, position: int) -> int:
    return len(source[:position].encode())


def _decode(source: str, position: int) -> tuple[str, int] | None:
    match = CHARACTER_REFERENCE.match(source, position)
    if not match:
        return None
    hexadecimal, decimal, name = match.groups()
    if name:
        return (NAMED[name], match.end()) if name in NAMED else None
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    return (chr(code), match.end()) if 0 < code < 0x10FFFF and not 0xD800 <= code <= 0xDFFF else None


def _unescape(value: str) -> str:
    return CHARACTER_REFERENCE.sub(lambda match: (_decode(match.string, match.start()) or (match[0],))[0], value)


def _open_tag(source: str, begin: int, text: str, stack: list[_Open]) -> int:
    name_end = begin + 1
    while name_end < len(source) and not source[name_end].isspace() and source[name_end] != ">":
        name_end += 1
    at = _byte_offset(source, begin)
    if name_end == len(source):
        raise _unparsable(f"Unclosed start tag at byte offset {at}")
    tag = source[begin + 1 : name_end].lower()
    if tag not in TAGS:
        raise _unparsable(f'Unsupported start tag "{tag}" at byte offset {at}')
    argument, position = _attributes(source, name_end, tag, at)
    if tag == "span" and argument != "spoiler":
        raise _unparsable(f'Tag "span" must have class "tg-spoiler" at byte offset {at}')
    stack.append(_Open(tag, argument, utf16_length(text), len(text)))
    return position


def _attributes(source: str, position: int, tag: str, at: int) -> tuple[str, int]:
    """The one argument that matters to the tag, and the position after its `>`."""
    argument = ""
    while position < len(source):
        while position < len(source) and source[position].isspace():
            position += 1
        if position < len(source) and source[position] == ">":
            return argument, position + 1
        match = ATTRIBUTE.match(source, position)
        if not match:
            break
        value = _unescape((match["value"] or "").strip("\"'"))
        argument = _argument(tag, match["name"], value, argument)
        position = match.end()
    if position < len(source):
        raise _unparsable(f'Empty attribute name in the tag "{tag}" at byte offset {at}')
    raise _unparsable(f'Unclosed start tag "{tag}" at byte offset {at}')


def _argument(tag: str, name: str, value: str, before: str) -> str:
    if (tag, name) in (("a", "href"), ("tg-emoji", "emoji-id"), ("tg-time", "unix")):
        return value
    if (tag, name) == ("code", "class") and value.startswith("language-"):
        return value.removeprefix("language-")
    if (tag, name) == ("span", "class") and value.startswith("tg-"):
        return value.removeprefix("tg-")
    return "1" if (tag, name) == ("blockquote", "expandable") else before


def _close_tag(source: str, begin: int, text: str, stack: list[_Open], entities: list[Entity]) -> int:
    at = _byte_offset(source, begin)
    if not stack:
        raise _unparsable(f"Unexpected end tag at byte offset {at}")
    end = source.find(">", begin)
    name = source[begin + 2 : end if end >= 0 else len(source)].strip().lower()
    if end < 0 or " " in name:
        raise _unparsable(f"Unclosed end tag at byte offset {at}")
    opened = stack[-1]
    if name and name != opened.tag:
        raise _unparsable(f'Unmatched end tag at byte offset {at}, expected "</{opened.tag}>", found "</{name}>"')
    stack.pop()
    length = utf16_length(text) - opened.offset
    if length > 0 and (entity := _entity(opened, length, text[opened.begin :], entities)):
        entities.append(entity)
    return end + 1


def _entity(opened: _Open, length: int, inner: str, entities: list[Entity]) -> Entity | None:
    base = {"offset": opened.offset, "length": length}
    tag, argument = opened.tag, opened.argument
    if tag in SIMPLE_TAGS:
        return {**base, "type": SIMPLE_TAGS[tag]}
    if tag == "a":
        return _link(base, argument or inner)
    if tag == "blockquote":
        return {**base, "type": "expandable_blockquote" if argument else "blockquote"}
    if tag == "tg-emoji":
        if not argument.isdigit() or int(argument) == 0:
            raise bad_request("Invalid custom emoji identifier specified")
        return {**base, "type": "custom_emoji", "custom_emoji_id": argument}
    if tag == "tg-time":
        return None
    same = entities[-1] if entities and {**entities[-1], **base} == entities[-1] else None
    if tag == "pre" and same and same["type"] == "code":
        entities.pop()
        return {**base, "type": "pre", **({"language": same["language"]} if "language" in same else {})}
    return {**base, "type": tag, **({"language": argument} if tag == "code" and argument else {})}


def _link(base: Entity, url: str) -> Entity | None:
    user = re.fullmatch(r"tg://user\?id=(\d+)", url)
    if user:
        return {**base, "type": "text_mention", "user": {"id": int(user[1]), "is_bot": False, "first_name": ""}}
    if not re.match(r"^(?:[a-z][a-z0-9+.-]*://)?[^\s/]+\.?[^\s]*$", url, re.IGNORECASE):
        return None
    return {**base, "type": "text_link", "url": url if "://" in url else f"http://{url}/"}


def _sorted(entities: list[Entity]) -> list[Entity]:
    for entity in entities:
        if entity["type"] == "code":
            entity.pop("language", None)
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def find_entities(text: str) -> list[Entity]:
    """What Telegram marks in plain text: links, addresses, mentions, commands, hashtags."""
    found: list[Entity] = []
    for kind, pattern in FOUND_ALONE:
        for match in pattern.finditer(text):
            entity = {"offset": utf16_length(text[: match.start()]), "length": utf16_length(match[0]), "type": kind}
            if not any(_overlap(entity, other) for other in found):
                found.append(entity)
    return _sorted(found)


def _overlap(one: Entity, other: Entity) -> bool:
    return bool(one["offset"] < other["offset"] + other["length"] and other["offset"] < one["offset"] + one["length"])


def trim(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Telegram drops white space around a text; entities move along and lose what was cut."""
    stripped = text.strip()
    lead = utf16_length(text[: len(text) - len(text.lstrip())])
    length = utf16_length(stripped)
    kept = []
    for entity in entities:
        begin = max(entity["offset"] - lead, 0)
        end = min(entity["offset"] + entity["length"] - lead, length)
        if end > begin:
            kept.append({**entity, "offset": begin, "length": end - begin})
    return stripped, kept


def check_given(given: Any) -> list[Entity]:
    """Entities of the caller; what is no list counts as none, as with the vendor. Raises 400."""
    for entity in given if isinstance(given, list) else []:
        problem = _problem(entity)
        if problem:
            raise bad_request(f"Can't parse MessageEntity: {problem}")
    return given if isinstance(given, list) else []


def _problem(entity: Any) -> str:
    if not isinstance(entity, dict):
        return "expected an Object"
    for name, kind, vendors_name in (("offset", int, "Number"), ("length", int, "Number"), ("type", str, "String")):
        if name not in entity:
            return f'Can\'t find field "{name}"'
        if type(entity[name]) is not kind:
            return f'Field "{name}" must be of type {vendors_name}'
    return ""


def format_text(text: str, parse_mode: str, given: Any) -> tuple[str, list[Entity]]:
    """(text, entities) as stored. `given` are entities of the caller, used when parse_mode is empty."""
    if len(text.encode()) > 1 << 15:
        raise bad_request("Text is too long")
    mode = parse_mode.lower()
    if mode not in ("", "none", "html"):
        known = mode in ("markdown", "markdownv2")
        raise bad_request("the simulator parses HTML only" if known else "Unsupported parse_mode")
    plain, entities = parse_html(text) if mode == "html" else (text, check_given(given))
    plain, entities = trim(plain, entities)
    own = [entity for entity in find_entities(plain) if not any(_overlap(entity, other) for other in entities)]
    return plain, _sorted(entities + own)
