"""client/onboarding: how far the workspace is, and the one next thing to do."""

from typing import Any

from promostack.app.endpoint import Endpoint
from promostack.app.request import Request
from promostack.app.signed_in import member
from promostack.auth.models import Member
from promostack.onboarding import progress
from promostack.onboarding.facts import telegram_facts
from promostack.onboarding.progress import Progress
from promostack.onboarding.schemas import NextAnswer, ProgressAnswer, StepAnswer

endpoint = Endpoint("client/onboarding")


@endpoint.get(access=member("tenant.read"))
def read_progress(request: Request) -> dict[str, Any]:
    return _told(progress.read(request.caller_as(Member).tenant_id)).model_dump(mode="json")


def _told(found: Progress) -> ProgressAnswer:
    ahead = found.next
    following = None
    if ahead and ahead.missing:
        following = NextAnswer(step=ahead.name, do=ahead.missing.do, title=ahead.missing.title, text=ahead.missing.text)
    steps = [StepAnswer.model_validate(step) for step in found.steps]
    return ProgressAnswer(steps=steps, next=following, telegram=telegram_facts(found.telegram))
