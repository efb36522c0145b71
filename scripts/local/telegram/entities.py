"""Entities of a text: what all ways of formatting share, and what Telegram marks by itself.

Offsets and lengths of entities count UTF-16 code units.
"""

from __future__ import annotations

import re
from typing import Any

from .errors import bad_request

Entity = dict[str, Any]

FOUND_ALONE = [
    ("url", re.compile(r"https?://[^\s<>\"]+[^\s<>\".,!?;:)\]]|(?<![\w@.])(?:[\w-]+\.)+(?:com|org|net|me|io)\b[^\s]*")),
    ("email", re.compile(r"(?<![\w.])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("mention", re.compile(r"(?<![\w@/])@[A-Za-z][A-Za-z0-9_]{3,31}\b")),
    ("bot_command", re.compile(r"(?<![\w/<])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])")),
    ("hashtag", re.compile(r"(?<![\w#])#(?=\w*[^\W\d])\w{1,256}")),
]


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def unparsable(reason: str) -> Exception:
    return bad_request(f"can't parse entities: {reason}")


def link_entity(base: Entity, url: str) -> Entity | None:
    user = re.fullmatch(r"tg://user\?id=(\d+)", url)
    if user:
        return {**base, "type": "text_mention", "user": {"id": int(user[1]), "is_bot": False, "first_name": ""}}
    if not re.match(r"^(?:[a-z][a-z0-9+.-]*://)?[^\s/]+\.?[^\s]*$", url, re.IGNORECASE):
        return None
    return {**base, "type": "text_link", "url": url if "://" in url else f"http://{url}/"}


def in_order(entities: list[Entity]) -> list[Entity]:
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
            if not any(overlap(entity, other) for other in found):
                found.append(entity)
    return in_order(found)


def overlap(one: Entity, other: Entity) -> bool:
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
