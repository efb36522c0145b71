"""Template document, version 2: what a picture consists of, for each format.

Lengths are format pixels, angles degrees clockwise, colours `#RGB`, `#RRGGBB` or `#RRGGBBAA`. Layers lie bottom to top.
The meaning of the text settings is fixed in docs/decisions/0004-one-layout-two-languages.md.
`python -m promostack.templates.document` writes `document.schema.json` anew.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from promostack.core.errors import Unprocessable
from promostack.templates import checks, patterns

MAX_SIDE = 4096
MAX_LAYERS = 64
MAX_TEXT = 500


class InvalidDocument(Unprocessable):
    """The template document breaks a rule; `fields` maps each path to what is wrong there."""

    code = "invalid_document"


Colour = Annotated[str, StringConstraints(pattern=checks.COLOUR_PATTERN)]
AssetKey = Annotated[str, StringConstraints(pattern=r"^[^\s\\\x00-\x1f]{1,512}$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
FontFamily = Annotated[str, StringConstraints(min_length=1, max_length=80)]
FormatName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
LayerId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=63)]
Number = Annotated[float, Field(ge=-16384, le=16384)]
Length = Annotated[float, Field(ge=0, le=16384)]
Fraction = Annotated[float, Field(ge=0, le=1)]


class Model(BaseModel):
    """Unknown keys, NaN and infinities are refused; numbers are not guessed from texts."""

    model_config = ConfigDict(
        defer_build=True, extra="forbid", allow_inf_nan=False, frozen=True, strict=True, populate_by_name=True
    )


class Stop(Model):
    at: Fraction
    color: Colour


class Gradient(Model):
    """`linear`: `angle` as in CSS (0 to the top, 90 to the right), corner to corner. `radial`: from `center` (fractions
    of the box) outwards; `radius` 1 is half of the box's diagonal."""

    kind: Literal["linear", "radial"] = "linear"
    angle: Number = 180
    center: tuple[Fraction, Fraction] = (0.5, 0.5)
    radius: Annotated[float, Field(gt=0, le=4)] = 1
    stops: Annotated[list[Stop], Field(min_length=2, max_length=16)]

    @field_validator("center", mode="before")
    @classmethod
    def _as_pair(cls, value: Any) -> Any:
        return tuple(value) if isinstance(value, list) else value

    @field_validator("stops")
    @classmethod
    def _stops_ascend(cls, stops: list[Stop]) -> list[Stop]:
        if any(after.at < before.at for before, after in itertools.pairwise(stops)):
            raise ValueError("stops must ascend by 'at'")
        return stops


Fill = Colour | Gradient


class Stroke(Model):
    """Text: centred on the outline, painted under the fill. Shapes and pills: inside their edge."""

    color: Colour
    width: Annotated[float, Field(ge=0, le=512)]


class Shadow(Model):
    """`blur` as a canvas counts it: sigma is half of it."""

    dx: Number = 0
    dy: Number = 0
    blur: Annotated[float, Field(ge=0, le=512)] = 0
    color: Colour = "#00000080"


class Contrast(Model):
    """What is done when the text's contrast (WCAG 2.2) with its ground is less than `least`: a plate that hides as
    little as may be, or an outline `width` px wide; black or white."""

    least: Annotated[float, Field(ge=1, le=21)] = 4.5
    fix: Literal["scrim", "stroke"] = "scrim"
    width: Annotated[float, Field(ge=1, le=64)] = 6


class Font(Model):
    family: FontFamily = "Inter"
    weight: Annotated[int, Field(ge=1, le=1000)] = 400


class Pill(Model):
    """A plate behind text. `fit` box: the layer's box; text: hugs the text. The text keeps `padding` (x, y) free."""

    color: Fill
    radius: Length = 0
    padding: tuple[Length, Length] = (0, 0)
    fit: Literal["box", "text"] = "box"
    stroke: Stroke | None = None

    @field_validator("padding", mode="before")
    @classmethod
    def _one_or_two(cls, value: Any) -> Any:
        """One number stands for both directions."""
        if isinstance(value, int | float) and not isinstance(value, bool):
            return (value, value)
        return tuple(value) if isinstance(value, list) else value


class Span(Model):
    """A styled run; what is left out is the layer's own."""

    text: Annotated[str, StringConstraints(max_length=MAX_TEXT)]
    fill: Fill | None = None
    font: Font | None = None


class Mask(Model):
    """What is kept of the layer's box: a shape, an asset's opacity (fitted as `fill`) or a gradient's opacity."""

    kind: Literal["rect", "ellipse", "asset", "gradient"]
    radius: Length = 0
    asset: AssetKey | None = None
    gradient: Gradient | None = None

    @model_validator(mode="after")
    def _source_matches_kind(self) -> Mask:
        for kind in ("asset", "gradient"):
            if (self.kind == kind) != (getattr(self, kind) is not None):
                raise ValueError(f"'{kind}' must be given for kind '{kind}', and only for it")
        return self


class VisibleIf(Model):
    """Shown when the field is filled (`present` true), empty (`present` false), or equal to `equals`."""

    field: Name
    present: bool | None = None
    equals: str | None = None

    @model_validator(mode="after")
    def _one_condition(self) -> VisibleIf:
        if (self.present is None) == (self.equals is None):
            raise ValueError("give either 'present' or 'equals'")
        return self


class LayerBase(Model):
    id: LayerId
    x: Number
    y: Number
    width: Length
    height: Length
    rotation: Number = 0
    opacity: Fraction = 1
    visible_if: VisibleIf | None = None
    mask: Mask | None = None


class TextLayer(LayerBase):
    """`letter_spacing` in em, `line_height` in multiples of the size, `lines` is the most that may be used."""

    type: Literal["text"]
    text: Annotated[str, StringConstraints(max_length=MAX_TEXT)] = ""
    spans: Annotated[list[Span], Field(min_length=1, max_length=16)] | None = None
    font: Font = Font()
    max_size: Annotated[float, Field(ge=1, le=2048)] = 96
    min_size: Annotated[float, Field(ge=1, le=2048)] = 12
    lines: Annotated[int, Field(ge=1, le=20)] = 1
    align: Literal["left", "center", "right"] = "center"
    valign: Literal["top", "middle", "bottom"] = "middle"
    line_height: Annotated[float, Field(ge=0.5, le=4)] = 1.15
    letter_spacing: Annotated[float, Field(ge=-0.5, le=4)] = 0
    case: Literal["none", "upper"] = "none"
    fill: Fill = "#FFFFFF"
    stroke: Stroke | None = None
    shadow: Shadow | None = None
    background: Pill | None = None
    overflow: Literal["shrink", "ellipsis"] = "shrink"
    size_group: Name | None = None
    contrast: Contrast | None = None

    @model_validator(mode="after")
    def _sizes_and_text(self) -> TextLayer:
        if self.min_size > self.max_size:
            raise ValueError("'min_size' is larger than 'max_size'")
        if bool(self.text) == bool(self.spans):
            raise ValueError("give either 'text' or 'spans'")
        if self.stroke and self.contrast and self.contrast.fix == "stroke":
            raise ValueError("has a stroke already; let 'contrast' be corrected by a scrim")
        return self


class ImageLayer(LayerBase):
    """An asset, or the asset whose key is the value of a field of kind `image`."""

    type: Literal["image"]
    asset: AssetKey | None = None
    field: Name | None = None
    fit: Literal["cover", "contain"] = "cover"
    radius: Length = 0

    @model_validator(mode="after")
    def _one_source(self) -> ImageLayer:
        if (self.asset is None) == (self.field is None):
            raise ValueError("give either 'asset' or 'field'")
        return self


class LogoLayer(LayerBase):
    """The tenant's logo, contained in the box. `shape` circle crops it round, as the default overlay does."""

    type: Literal["logo"]
    shape: Literal["free", "circle"] = "free"


class QrLayer(LayerBase):
    """A QR code of `data` (fields are replaced), level as named, square and centred; `quiet` in modules."""

    type: Literal["qr"]
    data: Annotated[str, StringConstraints(min_length=1, max_length=MAX_TEXT)] = "{link}"
    dark: Colour = "#000000"
    light: Colour | None = "#FFFFFF"
    quiet: Annotated[int, Field(ge=0, le=16)] = 4
    level: Literal["l", "m", "q", "h"] = "m"
    radius: Length = 0


class RectLayer(LayerBase):
    type: Literal["rect"]
    fill: Fill | None = None
    stroke: Stroke | None = None
    shadow: Shadow | None = None
    radius: Length = 0


class EllipseLayer(LayerBase):
    type: Literal["ellipse"]
    fill: Fill | None = None
    stroke: Stroke | None = None
    shadow: Shadow | None = None


Layer = Annotated[TextLayer | ImageLayer | LogoLayer | QrLayer | RectLayer | EllipseLayer, Field(discriminator="type")]


class Background(Model):
    """Exactly one of the three; an asset covers the format, cut at its centre."""

    asset: AssetKey | None = None
    color: Colour | None = None
    gradient: Gradient | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Background:
        if sum(value is not None for value in (self.asset, self.color, self.gradient)) != 1:
            raise ValueError("give exactly one of 'asset', 'color' and 'gradient'")
        return self


class Format(Model):
    width: Annotated[int, Field(ge=16, le=MAX_SIDE)]
    height: Annotated[int, Field(ge=16, le=MAX_SIDE)]
    background: Background
    layers: Annotated[list[Layer], Field(max_length=MAX_LAYERS)]


class FieldRule(Model):
    """A text (or, for kind `image`, an asset key) that is put in for `{name}`.

    Only `public` ones are taken from visitors; `pattern` must match all of the value.
    """

    sample: Annotated[str, StringConstraints(max_length=MAX_TEXT)] = ""
    public: bool = False
    pattern: Annotated[str, StringConstraints(max_length=200)] | None = None
    max: Annotated[int, Field(ge=1, le=MAX_TEXT)] = 80
    kind: Literal["text", "image"] = "text"

    @field_validator("pattern")
    @classmethod
    def _pattern_compiles(cls, pattern: str | None) -> str | None:
        if pattern is not None:
            try:
                patterns.check(pattern)
            except patterns.PatternRefused as error:
                raise ValueError(f"no regular expression that can be used here: {error}") from error
        return pattern


class Visibility(Model):
    web: bool = True
    telegram: bool = True
    archived: bool = False


class Document(Model):
    """`fonts` names the assets of families that are not shipped. `origin` keeps what an imported document held beyond
    this schema."""

    version: Literal[2] = Field(alias="schema")
    slug: Slug
    name: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    fields: Annotated[dict[Name, FieldRule], Field(max_length=32)] = {}
    fonts: Annotated[dict[FontFamily, AssetKey], Field(max_length=16)] = {}
    formats: Annotated[dict[FormatName, Format], Field(min_length=1, max_length=16)]
    visibility: Visibility = Visibility()
    origin: dict[str, Any] | None = None

    _digest: str = PrivateAttr("")

    def digest(self) -> str:
        """SHA-256 of the document's canonical JSON, worked out once."""
        if not self._digest:
            self._digest = hashlib.sha256(self.model_dump_json(by_alias=True).encode()).hexdigest()
        return self._digest

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy has a digest of its own."""
        copy = super().model_copy(update=update, deep=deep)
        copy._digest = ""
        return copy


def parse_document(data: object) -> Document:
    """Checks a document (decoded JSON). Raises InvalidDocument with every fault and its path."""
    try:
        document = Document.model_validate(data)
    except ValidationError as error:
        raise _invalid(checks.faults(error)) from error
    faults = checks.cross_faults(document)
    if faults:
        raise _invalid(faults)
    return document


def _invalid(faults: dict[str, str]) -> InvalidDocument:
    path, fault = next(iter(faults.items()))
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return InvalidDocument(f"The template document is not valid: {path}: {fault}{more}", fields=faults)


if __name__ == "__main__":
    from promostack.templates.checks import write_schema

    write_schema(Document.model_json_schema(by_alias=True))
