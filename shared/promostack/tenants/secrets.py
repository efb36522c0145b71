"""Tenants' secrets: the one place that keeps them. Sealed at rest, shown by their last four characters only.

A secret has a purpose (what it opens) and a subject (what in the tenant it belongs to, such as a bot's id).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from promostack.core import crypto, log
from promostack.core.errors import Conflict, NotFound
from promostack.db.sql import load as load_sql
from promostack.db.uow import Transaction, unit_of_work

_sql = load_sql(__package__)
_log = log.get("secrets")

# Four characters of a shorter secret would tell too much of it.
LEAST_FOR_LAST4 = 16


@dataclass(frozen=True)
class Purpose:
    """`is_exclusive`: no two tenants, and no two subjects of one, may have the same."""

    name: str
    is_exclusive: bool = False


BOT_TOKEN = Purpose("bot.token", is_exclusive=True)
BOT_WEBHOOK_SECRET = Purpose("bot.webhook_secret")
STRIPE_KEY = Purpose("stripe.key")
TWELVE_DATA_KEY = Purpose("twelve_data.key")
OPENAI_KEY = Purpose("openai.key")
PURPOSES = {each.name: each for each in (BOT_TOKEN, BOT_WEBHOOK_SECRET, STRIPE_KEY, TWELVE_DATA_KEY, OPENAI_KEY)}


@dataclass(frozen=True)
class Described:
    """What may be shown of a secret; `last4` is empty for a short one."""

    last4: str
    added_at: datetime


class SecretMissing(NotFound):
    """Nothing is kept under that purpose and subject."""

    code = "secret_missing"


class SecretTaken(Conflict):
    """An exclusive secret is in use already; where is nobody's business."""

    code = "secret_taken"


def put(tx: Transaction, tenant_id: str, purpose: Purpose, subject: str, value: str) -> None:
    """Keeps the secret, in the place of one that was there.

    Raises SecretTaken for an exclusive one in use elsewhere: the caller's transaction must not go on.
    """
    key = {"tenant_id": tenant_id, "purpose": purpose.name, "subject": subject}
    tx.run(_sql.put_secret, **key, ciphertext=_sealed(tenant_id, purpose.name, subject, value), last4=_last4(value))
    if purpose.is_exclusive and not _remember(tx, key | {"value": value}):
        raise SecretTaken("This is connected elsewhere; disconnect it there first.")


def replace(tx: Transaction, tenant_id: str, purpose: Purpose, subject: str, value: str) -> None:
    """Like `put` where one is kept already; raises SecretMissing where none is."""
    describe(tx, tenant_id, purpose, subject)
    put(tx, tenant_id, purpose, subject, value)


def read(tenant_id: str, purpose: Purpose, subject: str) -> str:
    """The secret in the clear; raises SecretMissing and SecretUnreadable."""
    with unit_of_work(tenant_id) as tx:
        return load(tx, tenant_id, purpose, subject)


def load(tx: Transaction, tenant_id: str, purpose: Purpose, subject: str) -> str:
    """`read`, inside the caller's transaction."""
    stored = tx.value(_sql.secret_ciphertext, tenant_id=tenant_id, purpose=purpose.name, subject=subject)
    if stored is None:
        raise SecretMissing("This connection has no stored key; connect it again.")
    return crypto.decrypt(stored, tenant_id=tenant_id, field=purpose.name, subject=subject)


def forget(tx: Transaction, tenant_id: str, purpose: Purpose, subject: str) -> bool:
    """Deletes the secret and its fingerprints; False when there was none."""
    return tx.run(_sql.forget_secret, tenant_id=tenant_id, purpose=purpose.name, subject=subject) > 0


def describe(tx: Transaction, tenant_id: str, purpose: Purpose, subject: str) -> Described:
    """What may be shown of it; raises SecretMissing."""
    row = tx.row(_sql.describe_secret, tenant_id=tenant_id, purpose=purpose.name, subject=subject)
    if row is None:
        raise SecretMissing("This connection has no stored key; connect it again.")
    return Described(row["last4"], row["added_at"])


@dataclass(frozen=True)
class Rekeyed:
    """One batch: how many were sealed anew, how many could not be, and where the next batch starts."""

    done: int
    left: int
    position: tuple[str, str] | None


def rekey(tenant_id: str, *, most: int, after: tuple[str, str] = ("", "")) -> Rekeyed:
    """Seals up to `most` of the tenant's secrets anew that an older key or version seals.

    One transaction, so that a crash leaves each row as it was or as it should be. Readers are not held up, and a row
    that somebody replaces at this moment is left to him: what he writes is sealed with the newest key anyway.
    """
    with unit_of_work(tenant_id) as tx:
        seal = crypto.current_seal()
        purpose, subject = after
        rows = tx.rows(
            _sql.secrets_under_older_keys, tenant_id=tenant_id, seal=seal, purpose=purpose, subject=subject, most=most
        )
        known = [row for row in rows if _is_known(tenant_id, row)]
        opened = [row | {"value": value} for row in known if (value := _opened(tenant_id, row)) is not None]
        for row in opened:
            row["ciphertext"] = _sealed(tenant_id, row["purpose"], row["subject"], row["value"])
            row["last4"] = _last4(row["value"])
            if PURPOSES[row["purpose"]].is_exclusive and not _remember(tx, row):
                _log.error("shared_secret", tenant_id=tenant_id, purpose=row["purpose"], subject=row["subject"])
        tx.run_many(_sql.reseal_secret, opened)
    position = (rows[-1]["purpose"], rows[-1]["subject"]) if len(rows) == most else None
    return Rekeyed(len(opened), len(rows) - len(opened), position)


def _is_known(tenant_id: str, row: dict[str, Any]) -> bool:
    """False, told in the log, for a purpose of newer code; that knows whether to fingerprint it, and reseals it."""
    if row["purpose"] not in PURPOSES:
        _log.error("unknown_purpose", tenant_id=tenant_id, purpose=row["purpose"], subject=row["subject"])
    return row["purpose"] in PURPOSES


def _opened(tenant_id: str, row: dict[str, Any]) -> str | None:
    """The value, or None, told in the log, when its key is gone: the others go on."""
    try:
        return crypto.decrypt(row["ciphertext"], tenant_id=tenant_id, field=row["purpose"], subject=row["subject"])
    except crypto.SecretUnreadable:
        _log.error("unreadable", tenant_id=tenant_id, purpose=row["purpose"], subject=row["subject"])
        return None


def _remember(tx: Transaction, row: dict[str, Any]) -> bool:
    """Keeps the secret's fingerprints under every key that is known now; False when another secret has one of them."""
    key = {name: row[name] for name in ("tenant_id", "purpose", "subject")}
    tx.run(_sql.forget_fingerprints, **key)
    made = crypto.fingerprints(row["value"], purpose=row["purpose"])
    added = [tx.run(_sql.add_fingerprint, **key, key_id=key_id, fingerprint=made[key_id]) for key_id in sorted(made)]
    return all(added)


def _sealed(tenant_id: str, purpose: str, subject: str, value: str) -> str:
    return crypto.encrypt(value, tenant_id=tenant_id, field=purpose, subject=subject)


def _last4(value: str) -> str:
    return value[-4:] if len(value) >= LEAST_FOR_LAST4 else ""
