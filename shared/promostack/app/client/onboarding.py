"""client/onboarding: how far the workspace is and the one next thing to do, its colours and its first template."""

from typing import Any

from promostack.app import services
from promostack.app.endpoint import Endpoint
from promostack.app.request import Reply, Request
from promostack.app.signed_in import acting, member
from promostack.auth.models import Member
from promostack.core import config
from promostack.onboarding import progress
from promostack.onboarding.facts import later_facts, telegram_facts
from promostack.onboarding.first_template import Colours
from promostack.onboarding.progress import Progress
from promostack.onboarding.schemas import (
    ColoursInput,
    NextAnswer,
    PaletteAnswer,
    PaletteList,
    ProgressAnswer,
    StepAnswer,
)

endpoint = Endpoint("client/onboarding")


@endpoint.get(access=member("tenant.read"))
def read_progress(request: Request) -> dict[str, Any]:
    return _told(request)


@endpoint.get("palettes", access=member("settings.write"))
def list_palettes(request: Request) -> dict[str, Any]:
    found = services.branding().palettes(request.caller_as(Member).tenant_id)
    return PaletteList(items=[PaletteAnswer.model_validate(each) for each in found]).model_dump()


@endpoint.post("template", access=member("settings.write"), body=ColoursInput)
def make_template(request: Request, body: ColoursInput) -> Reply:
    colours = Colours(body.background.upper(), body.accent.upper())
    services.branding().make_template(request.caller_as(Member).tenant_id, colours, actor=acting(request))
    return Reply(_told(request), 201)


def _told(request: Request) -> dict[str, Any]:
    found = progress.read(request.caller_as(Member).tenant_id)
    base = config.require("PUBLIC_ASSET_BASE").rstrip("/")
    codes, business, post = later_facts(found.later, base)
    return ProgressAnswer(
        steps=[StepAnswer.model_validate(step) for step in found.steps],
        next=_next(found),
        telegram=telegram_facts(found.telegram),
        codes=codes,
        business=business,
        post=post,
    ).model_dump(mode="json")


def _next(found: Progress) -> NextAnswer | None:
    ahead = found.next
    if ahead is None or ahead.missing is None:
        return None
    return NextAnswer(step=ahead.name, do=ahead.missing.do, title=ahead.missing.title, text=ahead.missing.text)
