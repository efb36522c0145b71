"""What is wrong with a service, and what its owner does about it."""

from typing import Literal

from promostack.onboarding.vendor_checks import Finding, Kind, Noted, Problem

Status = Literal["ok", "attention", "broken"]

NAMES: dict[Kind, str] = {
    "stripe": "Stripe",
    "funderpro": "FunderPro",
    "twelve_data": "Twelve Data",
    "openai": "OpenAI",
}
# These pass by themselves.
_PASSING: tuple[Problem, ...] = ("unreachable", "exhausted")
_WORDS: dict[Problem, tuple[str, str]] = {
    "refused": ("{name} does not know this key, or it has ended.", "Copy it once more, or make a new one there."),
    "rights": ("This key may not {detail}.", "Give it that right at {name}, or enter another key."),
    "exhausted": ("{name} has no calls left for this key now: {detail}", "It works again by itself; then check again."),
    "unclear": ("{name} answers in a way that is not understood: {detail}", "Check the address and the settings."),
    "unreachable": ("{name} does not answer now.", "Nothing is lost. Try again in a minute."),
    "unreadable": ("The key for {name} cannot be read here.", "Enter it once more."),
}


def of(kind: Kind, found: Finding) -> tuple[str, str]:
    """(the problem, the next thing to do) of a finding that has one."""
    assert found.problem is not None
    values = {"name": NAMES[kind], "detail": found.detail or "no reason given"}
    problem, following = (each.format(**values) for each in _WORDS[found.problem])
    return problem, following


def status_of(kind: Kind, noted: Noted | None) -> tuple[Status, str | None, str | None]:
    """(status, problem, next) of a service that is connected."""
    if noted is None:
        return "attention", f"{NAMES[kind]} has not been looked at yet.", "Check it."
    if noted.finding.problem is None:
        return "ok", None, None
    status: Status = "attention" if noted.finding.problem in _PASSING else "broken"
    return status, *of(kind, noted.finding)
