"""What a tenant's people choose: strategy and parameters, channel, guard rails, a pause. Each change is in the log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from promostack.db.uow import Transaction
from promostack.signals import activation, repository
from promostack.signals.activation import Choice, Slot
from promostack.signals.backtests import asking
from promostack.signals.errors import ChannelUnknown, NotTried, SignalsNotSetUp
from promostack.signals.models import Settings
from promostack.signals.rails import Rails
from promostack.telegram import channels
from promostack.tenants import audit, standing
from promostack.tenants.audit import Actor


@dataclass(frozen=True)
class Wanted:
    """A strategy with checked parameters; `fingerprint` names both. `tried_first`: only what was back-tested begins."""

    key: str
    params: Mapping[str, Any]
    fingerprint: str
    tried_first: bool = False


def choose_strategy(
    tx: Transaction,
    tenant_id: str,
    wanted: Wanted | None,
    *,
    fingerprint_of: Callable[[str, Mapping[str, Any]], str],
    actor: Actor,
    now: datetime,
) -> Settings:
    """None switches signals off. At once when no signal is open, else when it has closed. `fingerprint_of`: of what is
    chosen now. Raises SignalsNotSetUp when there is no channel, NotTried when it must be back-tested first."""
    settings = _settings(tx, tenant_id, actor)
    if wanted is not None and settings.chat_id is None:
        raise SignalsNotSetUp("Choose a channel in which your bot may post first.")
    key = settings.strategy
    active = Choice(key, fingerprint_of(key, settings.params)) if key else None
    choice = Choice(wanted.key, wanted.fingerprint) if wanted else None
    if wanted is not None and choice != active:
        _check_tried(tx, tenant_id, wanted)
    slot = activation.wish(Slot(active=active), choice, has_open_signal=bool(repository.list_living(tx, tenant_id)))
    wanted_key, params = (wanted.key, dict(wanted.params)) if wanted else (None, {})
    chosen = {"strategy": wanted_key, "params": params}
    if slot.queued is not None or slot.is_switching_off:
        changed = replace(settings, queued=chosen)
    elif slot.active == active and active is not None:
        changed = replace(settings, queued=None)
    else:
        changed = replace(settings, strategy=wanted_key, params=params, queued=None, active_since=now)
    return _save(tx, tenant_id, settings, changed, actor, "signals.strategy", chosen)


def choose_settings(tx: Transaction, tenant_id: str, channel_id: str, rails: Rails, *, actor: Actor) -> Settings:
    """Where signals are posted, and when a good plan is still kept back. Raises ChannelUnknown."""
    settings = _settings(tx, tenant_id, actor)
    if not channels.list_channels(tx, tenant_id, only=channel_id):
        raise ChannelUnknown("There is no such channel.")
    told = {
        "channel": channel_id,
        "session_from": rails.session_from,
        "session_to": rails.session_to,
        "daily_loss_pips": str(rails.daily_loss_pips),
    }
    changed = replace(settings, channel_id=channel_id, rails=rails)
    return _save(tx, tenant_id, settings, changed, actor, "signals.settings", told)


def pause(tx: Transaction, tenant_id: str, span: timedelta | None, *, actor: Actor, now: datetime) -> Settings:
    """Nothing new is published for so long, None to go on; what is open is followed all the same."""
    settings = _settings(tx, tenant_id, actor)
    until = now + span if span else None
    changed = replace(settings, paused_until=until)
    told = {"until": until.isoformat() if until else None}
    return _save(tx, tenant_id, settings, changed, actor, "signals.pause" if until else "signals.resume", told)


def _check_tried(tx: Transaction, tenant_id: str, wanted: Wanted) -> None:
    if wanted.tried_first and not asking.is_tried(tx, tenant_id, wanted.fingerprint):
        raise NotTried("These rules have not been tried on stored bars yet: try them first, then activate them.")


def _settings(tx: Transaction, tenant_id: str, actor: Actor) -> Settings:
    standing.check(tx, tenant_id, actor)
    repository.hold(tx, tenant_id)
    return repository.find_settings(tx, tenant_id) or Settings()


def _save(
    tx: Transaction,
    tenant_id: str,
    before: Settings,
    after: Settings,
    actor: Actor,
    action: str,
    told: Mapping[str, Any],
) -> Settings:
    """No change is no line."""
    if after == before:
        return before
    repository.save_settings(tx, tenant_id, after)
    audit.record(tx, tenant_id, actor, action, data=told)
    found = repository.find_settings(tx, tenant_id)
    assert found is not None
    return found
