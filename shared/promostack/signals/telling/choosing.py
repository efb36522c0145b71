"""A person changes what subscribers read beside the facts."""

from __future__ import annotations

from promostack.db.uow import Transaction
from promostack.signals import repository
from promostack.signals.errors import ChannelUnknown, SameChannel
from promostack.signals.telling import chosen
from promostack.signals.telling.chosen import Telling
from promostack.telegram import channels
from promostack.tenants import audit, standing
from promostack.tenants.audit import Actor


def choose(tx: Transaction, tenant_id: str, wanted: Telling, *, actor: Actor) -> None:
    """What a person chose, in the log too; no change is no line. Raises ChannelUnknown, and Conflict for the channel in
    which signals are posted to those who pay."""
    standing.check(tx, tenant_id, actor)
    if wanted.free_channel_id is not None:
        if not channels.list_channels(tx, tenant_id, only=wanted.free_channel_id):
            raise ChannelUnknown("There is no such channel.")
        settings = repository.find_settings(tx, tenant_id)
        if settings is not None and settings.channel_id == wanted.free_channel_id:
            raise SameChannel("Signals are posted there already; choose another channel for everybody.")
    if wanted != chosen.find(tx, tenant_id):
        chosen.save(tx, tenant_id, wanted)
        data = {name: list(value) if isinstance(value, tuple) else value for name, value in vars(wanted).items()}
        audit.record(tx, tenant_id, actor, "signals.telling", data=data)
