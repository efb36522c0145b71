"""SVG from strangers: parsed without entities, held to an allow-list, then rasterised by resvg in a process of its own.

What only describes or belongs to an editor is dropped; what acts, animates or refers outside is a reason to refuse.
resvg runs no script and fetches nothing; the list is the second lock, and says in words what is wrong. A few lines can
ask for gigabytes or hours (a tiny pattern, parts that use parts), which no list sees: the process is bounded instead.
"""

from __future__ import annotations

import math
import re
from typing import Any
from xml.etree.ElementTree import Element, ParseError, tostring

from promostack.rendering import svg_process
from promostack.rendering.errors import PictureRefused

MOST_BYTES = 1_000_000
MOST_DEPTH = 60
MOST_STRETCHED = 50
LONGEST_LENGTH = 40
_SVG = "{http://www.w3.org/2000/svg}"
_XHTML = "{http://www.w3.org/1999/xhtml}"
_HREFS = ("href", "{http://www.w3.org/1999/xlink}href")
# Attributes in which design tools put words of their own, such as a layer's name.
_WORDS, _WORDS_OF = {"id", "class", "role"}, ("data-", "aria-")
_SHAPES = {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon"}
_LAYERS = {"clipPath", "mask", "pattern", "marker"}
_ALLOWED = (
    _SHAPES
    | _LAYERS
    | {"svg", "g", "defs", "symbol", "use", "style", "linearGradient", "radialGradient", "stop", "filter"}
)
_DROPPED = {"title", "desc", "metadata"}
_REFUSED = {
    "script": "it holds a script",
    "foreignObject": "it holds content that is no drawing",
    "image": "it refers to another picture; export it as a PNG instead",
    "feImage": "it refers to another picture; export it as a PNG instead",
    "text": "it holds text, whose font we do not have; turn the text into outlines first",
    "animate": "it moves; a still drawing is needed",
    "animateMotion": "it moves; a still drawing is needed",
    "animateTransform": "it moves; a still drawing is needed",
    "set": "it moves; a still drawing is needed",
    "a": "it holds a link",
}  # fmt: skip
_URL = re.compile(r"url\(\s*['\"]?\s*([^'\")\s]*)", re.I)
_PX = {"": 1, "px": 1, "pt": 4 / 3, "pc": 16, "in": 96, "cm": 96 / 2.54, "mm": 96 / 25.4}
_LENGTH = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(e[+-]?[0-9]+)?\s*([a-z]*)", re.I)


def rasterise(data: bytes, *, longest_px: int) -> bytes:
    """The drawing as a PNG whose longer side has `longest_px` pixels; raises PictureRefused."""
    root = _parsed(data)
    _clean(root)
    width, height = _size(root)
    scale = longest_px / max(width, height)
    root.set("width", str(max(1, round(width * scale))))
    root.set("height", str(max(1, round(height * scale))))
    try:
        return svg_process.draw(tostring(root))
    except svg_process.NotDrawn as error:
        raise PictureRefused("it cannot be drawn in reasonable time; export it as a PNG instead") from error


def _parsed(data: bytes) -> Element:
    """The root element; entities and default attributes, which multiply, and other files are refused by the parser."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import XMLParser

    if len(data) > MOST_BYTES:
        raise PictureRefused("an SVG may have 1 MB at most; export it as a PNG instead")
    parser = XMLParser(forbid_entities=True, forbid_external=True)
    parser.parser.AttlistDeclHandler = _refuse_attributes
    try:
        parser.feed(data)
        root: Element = parser.close()
    except DefusedXmlException as error:
        raise PictureRefused("it declares entities or refers to another file") from error
    except (ParseError, ValueError, LookupError) as error:
        raise PictureRefused("it is cut off or not well-formed") from error
    if root.tag != f"{_SVG}svg":
        raise PictureRefused("it is no SVG drawing")
    return root


def _refuse_attributes(*declaration: Any) -> None:
    """Called by expat: each element of the kind would get a copy of the declared value."""
    raise PictureRefused("it declares attributes for its elements; save it as a plain SVG")


def _clean(root: Element) -> None:
    """Leaves what is on the list; raises PictureRefused for what must not be there at all."""
    pending = [(root, 1)]
    while pending:
        element, depth = pending.pop()
        if depth > MOST_DEPTH:
            raise PictureRefused(f"it is nested more than {MOST_DEPTH} deep")
        _clean_attributes(element)
        if element.tag == f"{_SVG}style":
            _check_css(element.text or "", is_sheet=True)
        element[:] = [child for child in element if _is_kept(child)]
        pending.extend((child, depth + 1) for child in element)
        element.tail = None


def _is_kept(element: Element) -> bool:
    """False for what is dropped; raises PictureRefused."""
    if element.tag.startswith(_XHTML):
        raise PictureRefused(_REFUSED["foreignObject"])
    if not element.tag.startswith(_SVG):
        return _holds_no_svg(element)
    name = element.tag.removeprefix(_SVG)
    if name in _REFUSED:
        raise PictureRefused(_REFUSED[name])
    if name in _DROPPED:
        return _holds_no_svg(element)
    if name in _ALLOWED or name.startswith("fe"):
        return True
    raise PictureRefused(f"it holds <{name[:40]}>, which is not taken")


def _holds_no_svg(element: Element) -> bool:
    """An editor's notes are dropped, but nobody hides a script in them without being told."""
    for inner in element.iter():
        if inner.tag.endswith("}script") or any(_local(name).startswith("on") for name in inner.attrib):
            raise PictureRefused(_REFUSED["script"])
    return False


def _clean_attributes(element: Element) -> None:
    for name, value in list(element.attrib.items()):
        if _local(name).lower().startswith("on"):
            raise PictureRefused(f"it holds a script ({_local(name)[:20]})")
        if name in _HREFS:
            if not value.strip().startswith("#"):
                raise PictureRefused("it refers to something outside itself")
        elif name.startswith("{"):
            del element.attrib[name]
        elif not (name in _WORDS or name.startswith(_WORDS_OF)):
            _check_css(value)


def _check_css(text: str, *, is_sheet: bool = False) -> None:
    """Raises PictureRefused for rules and addresses that lead outside, or that are written so as to hide it.

    Only a sheet has rules of its own (`@import`); in an attribute an @ is part of a name, as in `url(#Logo@2x)`.
    """
    if "\\" in text or (is_sheet and "@" in text) or "javascript:" in text.lower():
        raise PictureRefused("its styles refer to something outside itself")
    if any(not target.startswith("#") for target in _URL.findall(text)):
        raise PictureRefused("its styles refer to something outside itself")


def _size(root: Element) -> tuple[float, float]:
    """Width and height in the drawing's own proportions; without a viewBox one is added. Raises PictureRefused."""
    numbers = re.split(r"[\s,]+", (root.get("viewBox") or "").strip())
    try:
        if len(numbers) == 4:
            width, height = float(numbers[2]), float(numbers[3])
        else:
            width, height = _pixels(root.get("width")), _pixels(root.get("height"))
            root.set("viewBox", f"0 0 {width:g} {height:g}")
    except ValueError as error:
        raise PictureRefused("it does not state its size") from error
    if not (math.isfinite(width) and math.isfinite(height) and min(width, height) > 0):
        raise PictureRefused("it does not state its size")
    if max(width, height) > MOST_STRETCHED * min(width, height):
        raise PictureRefused(f"it is more than {MOST_STRETCHED} times as long as it is wide")
    return width, height


def _pixels(length: str | None) -> float:
    """A length in CSS pixels; raises ValueError."""
    text = (length or "").strip()
    match = _LENGTH.fullmatch(text) if len(text) <= LONGEST_LENGTH else None
    if match is None or match[3].lower() not in _PX:
        raise ValueError("no length in units that we know")
    return float(match[1] + (match[2] or "")) * _PX[match[3].lower()]


def _local(name: str) -> str:
    return name.rpartition("}")[2]
