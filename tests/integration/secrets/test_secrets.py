"""The one place of tenants' secrets, and keys that rotate under it."""

import threading
from uuid import uuid4

import pytest

from promostack.core import config, crypto
from promostack.db.uow import unit_of_work
from promostack.tenants import secrets
from promostack.tenants.secrets import BOT_TOKEN, BOT_WEBHOOK_SECRET, SecretMissing, SecretTaken


@pytest.fixture
def token(deploy_keys) -> str:
    return f"7000000001:{uuid4().hex}"


def put(tenant_id: str, subject: str, value: str, purpose=BOT_TOKEN) -> None:
    with unit_of_work(tenant_id) as tx:
        secrets.put(tx, tenant_id, purpose, subject, value)


def seals(database, tenant_id: str) -> list[tuple]:
    return database.query("SELECT sealed_with FROM secrets WHERE tenant_id = %s ORDER BY subject", tenant_id)


def test_a_secret_is_read_back_and_never_stored_in_the_clear(database, tenant_id: str, token: str) -> None:
    put(tenant_id, "bot-1", token)
    assert secrets.read(tenant_id, BOT_TOKEN, "bot-1") == token
    ((stored,),) = database.query("SELECT secrets::text FROM secrets WHERE tenant_id = %s", tenant_id)
    assert token not in stored
    assert token.partition(":")[2][:12] not in stored


def test_only_the_last_four_characters_are_shown(database, tenant_id: str, token: str) -> None:
    put(tenant_id, "bot-1", token)
    put(tenant_id, "short", "sesame", BOT_WEBHOOK_SECRET)
    with unit_of_work(tenant_id) as tx:
        assert secrets.describe(tx, tenant_id, BOT_TOKEN, "bot-1").last4 == token[-4:]
        assert secrets.describe(tx, tenant_id, BOT_WEBHOOK_SECRET, "short").last4 == ""


def test_a_forgotten_secret_is_gone_and_its_token_is_free_again(database, tenant_id: str, token: str) -> None:
    put(tenant_id, "bot-1", token)
    with unit_of_work(tenant_id) as tx:
        assert secrets.forget(tx, tenant_id, BOT_TOKEN, "bot-1")
        assert not secrets.forget(tx, tenant_id, BOT_TOKEN, "bot-1")
    with pytest.raises(SecretMissing):
        secrets.read(tenant_id, BOT_TOKEN, "bot-1")
    put(database.add_tenant(), "bot-9", token)


def test_replacing_needs_something_to_replace(database, tenant_id: str, token: str) -> None:
    with pytest.raises(SecretMissing), unit_of_work(tenant_id) as tx:
        secrets.replace(tx, tenant_id, BOT_TOKEN, "bot-1", token)
    put(tenant_id, "bot-1", token)
    with unit_of_work(tenant_id) as tx:
        secrets.replace(tx, tenant_id, BOT_TOKEN, "bot-1", token + "new")
    assert secrets.read(tenant_id, BOT_TOKEN, "bot-1") == token + "new"
    put(database.add_tenant(), "bot-2", token)


def test_a_token_belongs_to_one_tenant_and_nobody_is_told_which(database, tenant_id: str, token: str) -> None:
    put(tenant_id, "bot-1", token)
    other = database.add_tenant()
    with pytest.raises(SecretTaken) as taken:
        put(other, "bot-2", token)
    assert tenant_id not in taken.value.message
    assert database.query("SELECT count(*) FROM secrets WHERE tenant_id = %s", other) == [(0,)]
    put(tenant_id, "bot-1", token)  # once more by its owner


def test_of_two_tenants_at_once_one_gets_the_token(database, token: str) -> None:
    tenants = [database.add_tenant() for _ in range(6)]
    start, outcomes = threading.Barrier(len(tenants)), []

    def take(tenant_id: str) -> None:
        start.wait()
        try:
            put(tenant_id, "bot", token)
            outcomes.append("kept")
        except SecretTaken:
            outcomes.append("taken")

    threads = [threading.Thread(target=take, args=(each,)) for each in tenants]
    for each in threads:
        each.start()
    for each in threads:
        each.join(timeout=60)
    assert sorted(outcomes) == ["kept"] + ["taken"] * 5


@pytest.mark.parametrize("moved", ["tenant", "purpose", "subject", "altered"])
def test_a_moved_or_altered_secret_does_not_open(database, tenant_id: str, token: str, moved: str) -> None:
    put(tenant_id, "bot-1", token)
    ((sealed,),) = database.query("SELECT ciphertext FROM secrets WHERE tenant_id = %s", tenant_id)
    altered = sealed[:-6] + ("A" if sealed[-6] != "A" else "B") + sealed[-5:]
    place = {"tenant_id": tenant_id, "field": BOT_TOKEN.name, "subject": "bot-1"}
    place |= {
        "tenant": {"tenant_id": str(uuid4())},
        "purpose": {"field": "stripe.key"},
        "subject": {"subject": "x"},
    }.get(moved, {})
    with pytest.raises(crypto.SecretUnreadable) as unreadable:
        crypto.decrypt(altered if moved == "altered" else sealed, **place)
    assert token not in str(unreadable.value)


def test_the_fingerprint_survives_a_rotation_at_each_of_its_steps(database, tenant_id: str, token: str, deploy_keys):
    """Wherever a rotation stands, nobody else gets the token: before the job, after it, old rows and new ones."""
    other = database.add_tenant()
    put(tenant_id, "bot-1", token)
    for keys in (("k1", "k2"), ("k2", "k1")):
        deploy_keys(*keys)
        with pytest.raises(SecretTaken):
            put(other, "bot-2", token)
    late = f"{token}-late"
    put(tenant_id, "bot-3", late)
    assert secrets.rekey(tenant_id, most=10).done == 1
    deploy_keys("k2")
    for taken in (token, late):
        with pytest.raises(SecretTaken):
            put(other, "bot-2", taken)


def test_old_containers_meet_new_ones_in_the_middle_of_a_deployment(database, tenant_id: str, token: str, deploy_keys):
    deploy_keys("k1", "k2")
    put(tenant_id, "bot-1", token)
    deploy_keys("k1")  # a container that was not replaced yet
    assert secrets.read(tenant_id, BOT_TOKEN, "bot-1") == token
    with pytest.raises(SecretTaken):
        put(database.add_tenant(), "bot-2", token)


def test_rekeying_goes_on_past_what_cannot_be_opened(database, tenant_id: str, token: str, deploy_keys, capsys) -> None:
    for number in range(5):
        put(tenant_id, f"bot-{number}", f"{token}{number}")
    database.query(
        "UPDATE secrets SET ciphertext = 'v2.gone.AAAA' WHERE subject = 'bot-1' AND tenant_id = %s", tenant_id
    )
    deploy_keys("k2", "k1")
    done, position = 0, ("", "")
    while position is not None:
        batch = secrets.rekey(tenant_id, most=2, after=position)
        done, position = done + batch.done, batch.position
    assert done == 4
    assert seals(database, tenant_id) == [("v2.k2",), ("v2.gone",), ("v2.k2",), ("v2.k2",), ("v2.k2",)]
    logged = capsys.readouterr().out
    assert '"unreadable"' in logged
    assert token not in logged


def test_what_the_first_version_sealed_is_read_and_sealed_anew(database, tenant_id: str, token: str) -> None:
    """Version 1 was bound to tenant and field alone; migration 0006 carried such rows over."""
    key = crypto._keys()["k1"]
    nonce = b"n" * 12
    sealed = nonce + crypto._aead(key).encrypt(nonce, token.encode(), f"{tenant_id}|bot.token".encode())
    import base64

    database.query(
        "INSERT INTO secrets (tenant_id, purpose, subject, ciphertext) VALUES (%s, 'bot.token', 'bot-1', %s)",
        tenant_id,
        f"v1.k1.{base64.urlsafe_b64encode(sealed).decode()}",
    )
    assert secrets.read(tenant_id, BOT_TOKEN, "bot-1") == token
    assert secrets.rekey(tenant_id, most=10).done == 1
    assert seals(database, tenant_id) == [("v2.k1",)]
    with unit_of_work(tenant_id) as tx:
        assert secrets.describe(tx, tenant_id, BOT_TOKEN, "bot-1").last4 == token[-4:]
    with pytest.raises(SecretTaken):
        put(database.add_tenant(), "bot-2", token)


def test_the_reporting_role_cannot_read_what_is_sealed(database, postgres) -> None:
    rights = database.query(
        "SELECT has_column_privilege('promostack_read', 'secrets', 'ciphertext', 'SELECT'),"
        " has_column_privilege('promostack_read', 'secrets', 'last4', 'SELECT'),"
        " has_table_privilege('promostack_read', 'secret_fingerprints', 'SELECT')"
    )
    assert rights == [(False, True, False)]


ZEROS, ONES = "A" * 43 + "=", "/" * 42 + "8="


@pytest.mark.parametrize(
    "value",
    [
        "",
        "k1",
        "k1:short",
        f"k.1:{ZEROS}",
        "k1:!!!!",
        f"k1:!{ZEROS}",
        f"k1:{ZEROS[:20]} {ZEROS[20:]}",
        f"a:{ZEROS},b:{ZEROS}",
        f"k1:{ONES},k1:{ZEROS}",
        f"k1:{ONES}, k1 :{ONES}",
        f"k1:{ONES},",
    ],
)
def test_wrong_keys_are_refused_without_showing_them(monkeypatch, value: str) -> None:
    monkeypatch.setenv("SECRETS_KEYS", value)
    config.optional.cache_clear()
    crypto._keys.cache_clear()
    with pytest.raises(config.ConfigMissing) as missing:
        crypto.current_seal()
    assert not any(part in missing.value.message for part in ("A" * 20, "/" * 20))
    crypto._keys.cache_clear()
