"""How far a workspace is, worked out from what there is each time it is asked: nothing is ticked off anywhere."""

from dataclasses import dataclass

from promostack.onboarding import later_steps, telegram_step
from promostack.onboarding.later_steps import Later
from promostack.onboarding.models import Action, Step, StepName
from promostack.onboarding.telegram_step import Telegram


@dataclass(frozen=True)
class Progress:
    """All steps in their order, with the facts that they are worked out from."""

    steps: tuple[Step, ...]
    telegram: Telegram
    later: Later

    @property
    def next(self) -> Step | None:
        """The first step that lacks something; None when all is there."""
        return next((step for step in self.steps if step.missing), None)


def read(tenant_id: str) -> Progress:
    """Raises TenantNotFound."""
    telegram, later = telegram_step.read(tenant_id), later_steps.read(tenant_id)
    lacks: dict[StepName, Action | None] = {
        "telegram": telegram_step.missing(telegram),
        "codes": later_steps.codes_lack(later),
        "business": later_steps.business_lacks(later),
        "done": later_steps.post_lacks(later),
    }
    return Progress(_steps(lacks), telegram, later)


def _steps(lacks: dict[StepName, Action | None]) -> tuple[Step, ...]:
    first = next((name for name, action in lacks.items() if action), None)
    return tuple(
        Step(name, "done" if action is None else "next" if name == first else "later", action)
        for name, action in lacks.items()
    )
