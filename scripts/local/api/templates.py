"""client/templates: the tenant's library."""

from __future__ import annotations

from promostack.publishing.library_schemas import (
    ChangedAnswer,
    LibraryPage,
    OrderTemplates,
    SwitchTemplates,
    VersionPage,
)
from promostack.tenants.schemas import PageQuery
from scripts.local.api.operation import Operation

_TEMPLATE = {404: "`template_not_found`, `tenant_not_found`, or nothing at this address"}
_VERSION = {404: "`template_not_found`, `version_not_found`, `tenant_not_found`, or nothing at this address"}
_OF_TEMPLATE = {"slug": "the template's slug"}

TEMPLATES = (
    Operation(
        "get",
        "/client/templates",
        "All templates, where each is shown and how much it is used",
        LibraryPage,
        tag="client",
        caller="member",
        query=PageQuery,
    ),
    Operation(
        "post",
        "/client/templates/visibility",
        "Choose where some templates are shown",
        ChangedAnswer,
        about="All of them or, when one is not there, none. Gallery and bots follow with their next call.",
        tag="client",
        caller="member",
        body=SwitchTemplates,
        errors=_TEMPLATE,
    ),
    Operation(
        "put",
        "/client/templates/order",
        "Put templates into another order",
        None,
        tag="client",
        caller="member",
        body=OrderTemplates,
        errors=_TEMPLATE,
        success={204: "done"},
    ),
    Operation(
        "get",
        "/client/templates/{slug}/versions",
        "A template's versions, the newest first",
        VersionPage,
        tag="client",
        caller="member",
        query=PageQuery,
        path_values=_OF_TEMPLATE,
        errors=_TEMPLATE,
    ),
    Operation(
        "post",
        "/client/templates/{slug}/versions/{number}/restore",
        "Make new pictures of another version",
        None,
        about="Pictures made before stay what they are.",
        tag="client",
        caller="member",
        path_values={**_OF_TEMPLATE, "number": "the version's number"},
        errors=_VERSION,
        success={204: "done"},
    ),
)
