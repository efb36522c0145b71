"""Telegram's old Markdown: `_italic_`, `*bold*`, code, pre and links, never one inside another.

Follows tdlib/td (MessageEntity.cpp, parse_markdown): byte offsets in the refusals, entities in UTF-16 code units.
"""

from __future__ import annotations

from .entities import Entity, in_order, link_entity, unparsable, utf16_length

SIMPLE = {ord("_"): "italic", ord("*"): "bold"}
ESCAPABLE = b"_*`["
FENCE = b"```"
SPACES = b" \t\r\n\0"


def parse_markdown(source: str) -> tuple[str, list[Entity]]:
    """(text, entities). Raises 400 "can't parse entities: …" as the vendor words it."""
    data = source.encode()
    plain = bytearray()
    entities: list[Entity] = []
    position = 0
    while position < len(data):
        byte = data[position]
        if byte == ord("\\") and data[position + 1 : position + 2] in (b"_", b"*", b"`", b"["):
            plain.append(data[position + 1])
            position += 2
        elif byte not in ESCAPABLE:
            plain.append(byte)
            position += 1
        else:
            position = _entity(data, position, plain, entities)
    return plain.decode(), in_order(entities)


def _entity(data: bytes, begin: int, plain: bytearray, entities: list[Entity]) -> int:
    """Takes in one entity; the position after it."""
    is_fenced = data.startswith(FENCE, begin)
    language, position = fence_language(data, begin + 3) if is_fenced else ("", begin + 1)
    closing = FENCE if is_fenced else b"]" if data[begin] == ord("[") else data[begin : begin + 1]
    end = data.find(closing, position)
    if end < 0:
        raise unparsable(f"Can't find end of the entity starting at byte offset {begin}")
    inner = data[position:end].decode()
    base = {"offset": utf16_length(plain.decode()), "length": utf16_length(inner)}
    plain += data[position:end]
    position = end + len(closing)
    made: Entity | None
    if data[begin] == ord("["):
        url, position = _address(data, position) if data.startswith(b"(", position) else (inner, position)
        made = link_entity(base, url)
    elif data[begin] == ord("`"):
        made = code_entity(base, is_fenced=is_fenced, language=language)
    else:
        made = {**base, "type": SIMPLE[data[begin]]}
    if made and base["length"]:
        entities.append(made)
    return position


def fence_language(data: bytes, position: int) -> tuple[str, int]:
    """(language, position of the code) after the three back quotes; one new line before the code is dropped."""
    end = position
    while end < len(data) and data[end] not in SPACES and data[end] != ord("`"):
        end += 1
    language = ""
    if end != position and end < len(data) and data[end] != ord("`"):
        language, position = data[position:end].decode(), end
    for newline in (b"\r\n", b"\n\r", b"\n", b"\r"):
        if data.startswith(newline, position):
            return language, position + len(newline)
    return language, position


def code_entity(base: Entity, *, is_fenced: bool, language: str) -> Entity:
    kind = "pre" if is_fenced else "code"
    return {**base, "type": kind, **({"language": language} if language else {})}


def _address(data: bytes, position: int) -> tuple[str, int]:
    """(url, position after the closing bracket); one that isn't closed reaches to the end."""
    end = data.find(b")", position)
    end = len(data) if end < 0 else end
    return data[position + 1 : end].decode(), end + 1
