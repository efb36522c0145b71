"""Forgetting one person who wrote to a tenant's bots: his chats, messages, counts and marks go, what he did stays a
figure of nobody. Exports made before go too, because he is in them.

Each step finds what is left by itself, so that it may be killed anywhere. What is being answered or sent just now is
waited for: it goes with the next run.
"""

import secrets
from datetime import datetime
from typing import Any

from promostack.core import ids, log
from promostack.db.sql import load
from promostack.db.uow import Transaction, unit_of_work
from promostack.leaving import exports
from promostack.leaving.models import Erasure
from promostack.leaving.ports import Files
from promostack.tenants import audit, standing
from promostack.tenants.audit import SYSTEM, Actor

_BATCH = 500

_sql = load(__package__)
_log = log.get("leaving")


def ask(tenant_id: str, person: int, *, actor: Actor) -> Erasure:
    """Asks that the person with that Telegram number be forgotten; asked twice it is asked once."""
    with unit_of_work(tenant_id) as tx:
        standing.check(tx, tenant_id, actor)
        erasure_id = ids.new_id()
        # Telegram's people have at most 52 bits, above zero.
        stand_in = -1 - secrets.randbits(52)
        values = {"id": erasure_id, "person": person, "stand_in": stand_in, "asked_by": actor.id}
        if tx.run(_sql.add_erasure, tenant_id=tenant_id, **values):
            # Without the number: the log is kept.
            audit.record(tx, tenant_id, actor, "person.erasure_asked", target=erasure_id)
        row = tx.row(_sql.find_erasure_of, tenant_id=tenant_id, person=person)
    assert row is not None  # it was there, or has just been added
    return Erasure(**row)


def run(tenant_id: str, now: datetime, *, private: Files) -> int:
    """Forgets whoever is asked for; returns how many people are forgotten now. Raises StoreUnavailable."""
    with unit_of_work(tenant_id) as tx:
        waiting = tx.rows(_sql.open_erasures, tenant_id=tenant_id)
    return sum(_forget(tenant_id, row, now, private) for row in waiting)


def _forget(tenant_id: str, asked: dict[str, Any], now: datetime, private: Files) -> bool:
    erasure_id, person = asked["id"], asked["person"]
    for statement in (_sql.drop_updates, _sql.drop_messages):
        while _drop(tenant_id, statement, person) == _BATCH:
            pass
    while _anonymise(tenant_id, person) == _BATCH:
        pass
    with unit_of_work(tenant_id) as tx:
        is_gone = _forget_rest(tx, tenant_id, person, asked["stand_in"])
    # An export that is made from now on does not know him.
    if not (is_gone and exports.withdraw(tenant_id, now, private=private)):
        _log.info("person_in_use", erasure_id=erasure_id)
        return False
    with unit_of_work(tenant_id) as tx:
        # Once more, because he may have written meanwhile.
        if not _forget_rest(tx, tenant_id, person, asked["stand_in"]):
            return False
        if not tx.run(_sql.finish_erasure, tenant_id=tenant_id, id=erasure_id, now=now):
            return False
        audit.record(tx, tenant_id, Actor(SYSTEM), "person.erased", target=erasure_id)
    return True


def _forget_rest(tx: Transaction, tenant_id: str, person: int, stand_in: int) -> bool:
    """What goes at once: counts by who asked, and who connected or posted what. False when something is in use."""
    at = {"tenant_id": tenant_id, "person": person}
    tx.run(_sql.drop_conversations, **at)
    tx.run(_sql.drop_chat_limits, **at)
    actors = [f"chat:{person}", f"inline:{person}"]
    tx.run(_sql.drop_counts, tenant_id=tenant_id, actors=actors)
    tx.run(_sql.drop_misses, tenant_id=tenant_id, actors=actors)
    tx.run(_sql.anonymise_channels, tenant_id=tenant_id, person=person, stand_in=stand_in)
    tx.run(_sql.anonymise_posts, tenant_id=tenant_id, author=f"chat:{person}", nobody=f"chat:{stand_in}")
    is_in_use = tx.value(_sql.is_being_written_to, **at) or tx.value(_sql.is_being_heard, **at)
    return not (is_in_use or tx.value(_sql.anonymise_events, person=person, most=_BATCH))


def _drop(tenant_id: str, statement: str, person: int) -> int:
    with unit_of_work(tenant_id) as tx:
        return tx.run(statement, tenant_id=tenant_id, person=person, most=_BATCH)


def _anonymise(tenant_id: str, person: int) -> int:
    with unit_of_work(tenant_id) as tx:
        return int(tx.value(_sql.anonymise_events, person=person, most=_BATCH))
