"""From a text as given by the caller to the text and entities that Telegram stores."""

from __future__ import annotations

from typing import Any

from .entities import Entity, check_given, find_entities, in_order, overlap, trim
from .errors import bad_request
from .html import parse_html
from .markdown import parse_markdown
from .markdown_v2 import parse_markdown_v2

MAX_SOURCE_BYTES = 1 << 15
PARSERS = {"html": parse_html, "markdown": parse_markdown, "markdownv2": parse_markdown_v2}


def format_text(text: str, parse_mode: str, given: Any) -> tuple[str, list[Entity]]:
    """(text, entities) as stored. `given` are entities of the caller, used when parse_mode is empty. Raises 400."""
    if len(text.encode()) > MAX_SOURCE_BYTES:
        raise bad_request("Text is too long")
    mode = parse_mode.lower()
    if mode in ("", "none") or not text:
        plain, entities = text, check_given(given)
    elif mode in PARSERS:
        plain, entities = PARSERS[mode](text)
    else:
        raise bad_request("Unsupported parse_mode")
    plain, entities = trim(plain, entities)
    own = [entity for entity in find_entities(plain) if not any(overlap(entity, other) for other in entities)]
    return plain, in_order(entities + own)
