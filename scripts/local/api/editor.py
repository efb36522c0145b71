"""client/editor: drafts of templates; and the library of pictures that they are drawn with."""

from __future__ import annotations

from promostack.publishing.draft_schemas import (
    BrandTemplate,
    DraftAnswer,
    NewTemplate,
    OfRevision,
    PublishedAnswer,
    SavedAnswer,
    SaveDraft,
    VersionDocument,
)
from promostack.publishing.upload_schemas import FontPage, PicturePage
from promostack.tenants.schemas import PageQuery
from scripts.local.api.operation import Operation

_TEMPLATE = {404: "`template_not_found`, `tenant_not_found`, or nothing at this address"}
_VERSION = {404: "`version_not_found`, `tenant_not_found`, or nothing at this address"}
_CHANGED = {409: "`draft_changed`: somebody else was faster; read the draft again, compare and choose"}
_INVALID = {422: "`invalid_document`: `fields` maps each path in the document to what is wrong there"}
_AWAY = {503: "`template_unavailable`: one of its pictures cannot be read; or the store is away"}
_OF_TEMPLATE = {"slug": "the template's slug"}

EDITOR = (
    Operation(
        "get",
        "/client/uploads/pictures",
        "The library of pictures, the newest first",
        PicturePage,
        tag="client",
        caller="member",
        query=PageQuery,
        errors={503: "the store is not set up"},
    ),
    Operation(
        "get",
        "/client/uploads/fonts",
        "The workspace's own fonts, the oldest first",
        FontPage,
        about="A document that is set in one names its key under `fonts`, by its family.",
        tag="client",
        caller="member",
        errors={503: "the store is not set up"},
    ),
    Operation(
        "delete",
        "/client/uploads/fonts/{font_id}",
        "Takes a font out of the workspace's library",
        None,
        about="Versions that are set in it stay what they are.",
        tag="client",
        caller="member",
        path_values={"font_id": "the font's `id` in the list"},
        errors={
            404: "`font_not_found`, `tenant_not_found`, or nothing at this address",
            409: "`font_in_use`: the message names the templates that are set in it",
        },
        success={204: "removed"},
    ),
    Operation(
        "post",
        "/client/editor",
        "A new template, as a draft",
        DraftAnswer,
        about="Nobody but the workspace's people sees it before it is published. A document of version 1 is converted; "
        "those of its pictures that lie elsewhere are named under `origin.pictures`.",
        tag="client",
        caller="member",
        body=NewTemplate,
        errors={409: "`template_exists`: the slug is taken"} | _INVALID,
        success={201: "made"},
    ),
    Operation(
        "post",
        "/client/editor/brand",
        "A new template of the workspace's logo and colours, as a draft",
        DraftAnswer,
        about="Text in a colour that could not be read on the other is refused.",
        tag="client",
        caller="member",
        body=BrandTemplate,
        errors={409: "`template_exists`: the slug is taken", 422: "`colours_refused`, or `invalid_document`"},
        success={201: "made"},
    ),
    Operation(
        "get",
        "/client/editor/{slug}",
        "A template's draft",
        DraftAnswer,
        tag="client",
        caller="member",
        path_values=_OF_TEMPLATE,
        errors=_TEMPLATE,
    ),
    Operation(
        "put",
        "/client/editor/{slug}",
        "Save the draft",
        SavedAnswer,
        about="Nothing that is published changes. Each save names the revision that it was made from.",
        tag="client",
        caller="member",
        body=SaveDraft,
        path_values=_OF_TEMPLATE,
        errors=_TEMPLATE | _CHANGED | _INVALID,
    ),
    Operation(
        "post",
        "/client/editor/{slug}/drop",
        "Go back to the published version",
        DraftAnswer,
        tag="client",
        caller="member",
        body=OfRevision,
        path_values=_OF_TEMPLATE,
        errors=_TEMPLATE | _CHANGED,
    ),
    Operation(
        "post",
        "/client/editor/{slug}/publish",
        "Make the draft the newest version",
        PublishedAnswer,
        about="Gallery and bots follow with their next call. Pictures made before stay what they are.",
        tag="client",
        caller="member",
        body=OfRevision,
        path_values=_OF_TEMPLATE,
        errors=_TEMPLATE | _CHANGED | _INVALID | _AWAY,
    ),
    Operation(
        "get",
        "/client/editor/{slug}/versions/{number}",
        "The document of one version",
        VersionDocument,
        tag="client",
        caller="member",
        path_values={**_OF_TEMPLATE, "number": "the version's number"},
        errors=_VERSION,
    ),
)
