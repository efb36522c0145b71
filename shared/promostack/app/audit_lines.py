"""Lines of the audit log as people read them: the tenant's own, and the platform's."""

from promostack.tenants.audit import PLATFORM, SYSTEM, Entry
from promostack.tenants.schemas import AuditAnswer


def told_to_tenant(entry: Entry) -> AuditAnswer:
    """For the tenant's people: who of the platform acted is not theirs to know, nor why they were suspended."""
    if entry.actor.startswith(PLATFORM):
        data = {name: value for name, value in entry.data.items() if name != "reason"}
        return _line(entry, "platform", None, data)
    if entry.actor == SYSTEM:
        return _line(entry, SYSTEM, None, dict(entry.data))
    return _line(entry, entry.actor_email or "former member", entry.actor, dict(entry.data))


def told_to_platform(entry: Entry) -> AuditAnswer:
    """For the platform's people: `admin:<e-mail>` as it stands."""
    if entry.actor.startswith(PLATFORM) or entry.actor == SYSTEM:
        return _line(entry, entry.actor, None, dict(entry.data))
    return _line(entry, entry.actor_email or "former member", entry.actor, dict(entry.data))


def _line(entry: Entry, actor: str, actor_id: str | None, data: dict[str, object]) -> AuditAnswer:
    return AuditAnswer(
        id=entry.id,
        at=entry.at,
        actor=actor,
        actor_id=actor_id,
        action=entry.action,
        target=entry.target_email or entry.target,
        data=data,
        request_id=entry.request_id,
    )
