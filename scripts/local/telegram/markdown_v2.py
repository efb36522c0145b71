"""Telegram's MarkdownV2, with nesting, quotes and escapes.

Follows tdlib/td (MessageEntity.cpp, parse_markdown_v2): byte offsets in the refusals, entities in UTF-16 code units.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .entities import Entity, in_order, link_entity, unparsable, utf16_length
from .markdown import code_entity, fence_language

RESERVED = b"_*[]()~`>#+-=|{}.!\n"
NAMES = {"bold": "Bold", "italic": "Italic", "underline": "Underline", "strikethrough": "Strikethrough",
         "spoiler": "Spoiler", "code": "Code", "pre": "Pre", "text_link": "TextUrl", "custom_emoji": "CustomEmoji",
         "blockquote": "BlockQuote"}  # fmt: skip
OPENINGS = [(b"__", "underline"), (b"_", "italic"), (b"*", "bold"), (b"~", "strikethrough"), (b"||", "spoiler"),
            (b"```", "pre"), (b"`", "code"), (b"![", "custom_emoji"), (b"[", "text_link")]  # fmt: skip
CLOSINGS = {"bold": b"*", "underline": b"__", "strikethrough": b"~", "spoiler": b"||", "pre": b"```", "code": b"`",
            "text_link": b"]", "custom_emoji": b"]"}  # fmt: skip
NO_EMOJI_URL = "The entity must contain a tg://emoji or tg://time URL"
BAD_EMOJI_URL = "Invalid tg://emoji or tg://time URL specified"


@dataclass
class _Open:
    kind: str
    language: str
    offset: int
    begin: int
    plain_begin: int


def parse_markdown_v2(source: str) -> tuple[str, list[Entity]]:
    """(text, entities). Raises 400 "can't parse entities: …" as the vendor words it."""
    return _Parser(source.encode()).parse()


class _Parser:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0
        self.plain = bytearray()
        self.stack: list[_Open] = []
        self.entities: list[Entity] = []
        self.may_quote = True

    def parse(self) -> tuple[str, list[Entity]]:
        while self.position < len(self.data):
            byte, following = self.data[self.position], self.data[self.position + 1 : self.position + 2]
            if byte == ord("\\") and following and 0 < following[0] <= 126:
                self._take(following[0])
                self.position += 2
            elif byte not in self._reserved():
                self._take(byte)
                self.position += 1
            elif self._is_end(byte):
                self._close(byte)
            else:
                self._begin(byte)
        self._finish()
        return self.plain.decode(), in_order(self.entities)

    def _take(self, byte: int) -> None:
        self.plain.append(byte)
        if byte != ord("\r"):
            self.may_quote = byte == ord("\n")

    def _offset(self) -> int:
        return utf16_length(self.plain.decode())

    def _reserved(self) -> bytes:
        return b"`" if self.stack and self.stack[-1].kind in ("code", "pre") else RESERVED

    def _at(self, mark: bytes) -> bool:
        return self.data.startswith(mark, self.position)

    def _is_quoting(self) -> bool:
        return any(opened.kind == "blockquote" for opened in self.stack)

    def _is_end(self, byte: int) -> bool:
        if not self.stack:
            return False
        if self._is_quoting() and byte == ord("\n") and not self._at(b"\n>"):
            return True
        kind = self.stack[-1].kind
        if kind == "italic":
            return byte == ord("_") and not self._at(b"__")
        return kind in CLOSINGS and self._at(CLOSINGS[kind])

    def _begin(self, byte: int) -> None:
        if byte == ord("\n"):
            self._take(byte)
            self.position += 1
            return
        if byte == ord(">") and self.may_quote:
            if not self._is_quoting():
                self._push("blockquote", "", self.position)
            self.position += 1
            return
        found = next(((mark, kind) for mark, kind in OPENINGS if self._at(mark)), None)
        if found is None:
            raise unparsable(f"Character '{chr(byte)}' is reserved and must be escaped with the preceding '\\'")
        mark, kind = found
        begin, language = self.position, ""
        self.position += len(mark)
        if kind == "pre":
            language, self.position = fence_language(self.data, self.position)
        self._push(kind, language, begin)

    def _push(self, kind: str, language: str, begin: int) -> None:
        self.stack.append(_Open(kind, language, self._offset(), begin, len(self.plain)))

    def _close(self, byte: int) -> None:
        if byte == ord("\n") and self.stack[-1].kind not in ("code", "pre"):
            self._close_quote()
            self._take(byte)
            self.position += 1
            return
        opened = self.stack.pop()
        self.position += len(CLOSINGS.get(opened.kind, b"_"))
        base = {"offset": opened.offset, "length": self._offset() - opened.offset}
        made = self._made(opened, base)
        if made and base["length"]:
            self.entities.append(made)

    def _made(self, opened: _Open, base: Entity) -> Entity | None:
        if opened.kind == "text_link":
            inner = self.plain[opened.plain_begin :].decode()
            return link_entity(base, self._address() if self._at(b"(") else inner)
        if opened.kind == "custom_emoji":
            return self._emoji(base)
        if opened.kind in ("code", "pre"):
            return code_entity(base, is_fenced=opened.kind == "pre", language=opened.language)
        return {**base, "type": opened.kind}

    def _address(self) -> str:
        """The URL in the brackets at this position, which moves behind them."""
        begin = self.position + 1
        match = re.compile(rb"((?:\\[\x01-\x7e]|[^)\\]|\\)*)\)").match(self.data, begin)
        if not match:
            raise unparsable(f"Can't find end of a URL at byte offset {begin}")
        self.position = match.end()
        return re.sub(rb"\\([\x01-\x7e])", rb"\1", match[1]).decode()

    def _emoji(self, base: Entity) -> Entity | None:
        if not self._at(b"("):
            raise unparsable(NO_EMOJI_URL)
        url = self._address()
        if re.match(r"tg://time\?unix=\d+", url):
            return None
        match = re.fullmatch(r"tg://emoji\?id=([1-9]\d*)", url)
        if not match:
            raise unparsable(BAD_EMOJI_URL)
        return {**base, "type": "custom_emoji", "custom_emoji_id": match[1]}

    def _close_quote(self) -> None:
        """A quote ends with its line; `||` as the line's last characters makes it expandable."""
        kind = "blockquote"
        last = self.stack[-1]
        if last.kind == "spoiler" and self.data[last.begin : self.position] in (b"||", b"||\r"):
            self.stack.pop()
            kind = "expandable_blockquote"
        if self.stack[-1].kind != "blockquote":
            raise self._unclosed()
        opened = self.stack.pop()
        if length := self._offset() - opened.offset:
            self.entities.append({"offset": opened.offset, "length": length, "type": kind})

    def _finish(self) -> None:
        if self._is_quoting():
            self._close_quote()
        if self.stack:
            raise self._unclosed()

    def _unclosed(self) -> Exception:
        opened = self.stack[-1]
        name = "PreCode" if opened.language else NAMES[opened.kind]
        return unparsable(f"Can't find end of {name} entity at byte offset {opened.begin}")
