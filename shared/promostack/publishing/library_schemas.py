"""Input and output of client/templates."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]


class SwitchTemplates(BaseModel):
    """Where some templates are shown from now on; a switch that is left out stays as it is."""

    model_config = ConfigDict(extra="forbid", strict=True)

    slugs: list[Slug] = Field(min_length=1, max_length=200)
    web: bool | None = Field(None, description="shown in the public gallery")
    bot: bool | None = Field(None, description="shown in the Telegram bot")
    archived: bool | None = Field(None, description="shown nowhere, whatever the other two say")

    @model_validator(mode="after")
    def _turns_something(self) -> Self:
        if self.web is None and self.bot is None and self.archived is None:
            raise ValueError("give at least one of 'web', 'bot' and 'archived'")
        return self


class OrderTemplates(BaseModel):
    """The templates that come first, in their order; the others stand behind them as they were."""

    model_config = ConfigDict(extra="forbid", strict=True)

    slugs: list[Slug] = Field(min_length=1, max_length=200)

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        if len(set(self.slugs)) < len(self.slugs):
            raise ValueError("name each template once")
        return self


class ShareableEntry(BaseModel):
    """A template that has a version which all workspaces could be given."""

    slug: str
    name: str
    version: int


class ShareableList(BaseModel):
    """In the workspace's order."""

    items: list[ShareableEntry]


class SharedAnswer(BaseModel):
    """How many workspaces have the version now, and how many keep a template of their own under its slug."""

    given: int
    kept: int


class ChangedAnswer(BaseModel):
    """How many templates are other than before."""

    changed: int


class LibraryEntry(BaseModel):
    """A template. `pictures`: different ones made of it in thirty days, on the web and in bots together."""

    slug: str
    name: str
    web: bool
    bot: bool
    archived: bool
    version: int | None = Field(description="the published one; null before the first")
    changed: bool = Field(description="there is a draft that is not published")
    published_at: datetime | None
    thumbnail_url: str | None
    pictures: int


class LibraryPage(BaseModel):
    """A page of all templates, shown or not, in the tenant's order."""

    items: list[LibraryEntry]
    next: str | None


class VersionEntry(BaseModel):
    """One version of a template; of the published one new pictures are made."""

    number: int
    created_at: datetime
    published: bool
    thumbnail_url: str | None


class VersionPage(BaseModel):
    """A page of a template's versions, the newest first."""

    items: list[VersionEntry]
    next: str | None
