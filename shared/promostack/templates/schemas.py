"""Input and output of public/templates."""

from pydantic import BaseModel, ConfigDict, Field


class TemplateQuery(BaseModel):
    """Whose template."""

    model_config = ConfigDict(extra="forbid")

    tenant: str = Field(max_length=100, description="the tenant's slug", examples=["demo"])


class GalleryQuery(TemplateQuery):
    """Whose gallery, and which page of it."""

    limit: int = Field(100, ge=1, le=200)
    cursor: str | None = Field(None, max_length=200, description="what the page before said under `next`")


class FormatAnswer(BaseModel):
    """A format and its size in pixels."""

    name: str
    width: int
    height: int


class GalleryEntry(BaseModel):
    """A template of the gallery."""

    slug: str
    name: str
    formats: list[FormatAnswer]
    thumbnail_url: str | None


class GalleryTenant(BaseModel):
    """What a gallery's page tells of its tenant; `referral_link` holds `{code}`."""

    slug: str
    name: str
    logo_url: str | None
    referral_link: str | None


class GalleryAnswer(BaseModel):
    """A page of published, web-visible templates in the tenant's order."""

    items: list[GalleryEntry]
    next: str | None
    tenant: GalleryTenant
