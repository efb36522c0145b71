"""Two locks, each tried without the other: the filters under a role that row-level security does not bind, and the
policies under statements that have lost their filters. Whatever is taken away must be seen.
"""

import contextlib
import functools
import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg2
import pytest

from tests.isolation import mutants, policies, samples
from tests.isolation.mutants import Mutant, Statement, World
from tests.isolation.policies import PolicyMutant
from tests.isolation.world import Catalogue, read_catalogue

UNBOUND = "isolation_unbound"


@pytest.fixture(scope="module")
def owner(database) -> Iterator[Any]:
    """The owner's cursor in a transaction that never commits, with a role that row-level security does not bind."""
    with contextlib.closing(psycopg2.connect(database.owner_dsn)) as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {UNBOUND} BYPASSRLS")
        cursor.execute(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {UNBOUND}")
        cursor.execute(f"GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {UNBOUND}")
        cursor.execute(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {UNBOUND}")
        yield cursor
        connection.rollback()


@pytest.fixture(scope="module")
def catalogue(owner) -> Catalogue:
    return read_catalogue(owner)


@pytest.fixture(scope="module")
def statements(catalogue) -> list[Statement]:
    found = mutants.statements(catalogue)
    assert len(found) > 60
    return found


def is_kept_apart(owner, catalogue, statement: Statement, sql: str, *, world: World, role: str) -> bool:
    """The test of one statement in one world: as if the other tenant did not exist, and the other as if nothing ran."""
    alone = mutants.observe(owner, catalogue, statement, sql, world=world, role=role, with_other=False)
    beside = mutants.observe(owner, catalogue, statement, sql, world=world, role=role)
    if statement.name in samples.CLOCKED:
        return (beside.mine, beside.other) == (alone.mine, beside.other_before)
    return (beside.answer, beside.mine, beside.other) == (alone.answer, alone.mine, beside.other_before)


def test_every_statement_can_be_tried(owner, catalogue, statements) -> None:
    """An argument of the wrong kind would end a statement and its mutants alike, and prove nothing."""
    for statement in statements:
        seen = mutants.observe(owner, catalogue, statement, statement.sql, world=World(), role=policies.APP)
        assert not isinstance(seen.answer, str) or seen.answer.startswith("23"), (statement.name, seen.answer)


@pytest.mark.parametrize("lock", ["filters", "policies"])
def test_either_lock_alone_keeps_tenants_apart(owner, catalogue, statements, lock: str) -> None:
    """Every statement as it is past row-level security, and without its filters under it."""
    for statement in statements:
        if not statement.is_global:
            sql, role = (statement.sql, UNBOUND) if lock == "filters" else (mutants.stripped(statement), policies.APP)
            for world in mutants.simple_worlds(statement):
                is_apart = is_kept_apart(owner, catalogue, statement, sql, world=world, role=role)
                assert is_apart, (statement.name, world)


def test_some_removed_filters_are_seen(owner, catalogue, statements) -> None:
    """A seeded choice; statements over many tables need thousands of worlds and are left to the whole run."""
    simple = [each for each in statements if not each.is_global and len(each.tables) <= 2]
    tried = [mutant for each in simple for mutant in mutants.mutants(each)]
    try_filters(owner, catalogue, random.Random(1).sample(tried, 10))


@pytest.mark.long
def test_each_removed_filter_is_seen(owner, catalogue, statements) -> None:
    tried = [mutant for each in statements if not each.is_global for mutant in mutants.mutants(each)]
    assert len(tried) > 60
    try_filters(owner, catalogue, tried)


def test_each_removed_policy_is_seen(owner, catalogue, statements) -> None:
    """A mutant counts as killed when a probe is answered in another way, or leaves something else behind."""
    owner.execute("SAVEPOINT policies")
    policies.fill(owner, catalogue)
    tried = list(policies.policy_mutants(policies.read_policies(owner)))
    changeable = policies.changeable_columns(owner)
    survivors = []
    for table, of_table in itertools.groupby(sorted(tried, key=lambda each: each.table), key=lambda each: each.table):
        probes = policies.probes(table, catalogue, statements, changeable)
        asked = [Asked(functools.partial(policies.ask, owner, catalogue, probe)) for probe in probes]
        survivors += [str(mutant) for mutant in of_table if not any(each.tells(owner, mutant) for each in asked)]
    owner.execute("ROLLBACK TO SAVEPOINT policies")
    print(f"policies: {len(tried)} mutants, {len(tried) - len(survivors)} killed")
    assert not survivors, "\n".join(survivors)
    assert len(tried) > 60


def try_filters(owner, catalogue, tried: list[Mutant]) -> None:
    """A mutant counts as killed when it fails in a world in which the statement as it is passes."""
    survivors = [str(mutant) for mutant in tried if not is_seen(owner, catalogue, mutant)]
    print(f"filters: {len(tried)} mutants, {len(tried) - len(survivors)} killed")
    assert not survivors, "\n".join(survivors)


def is_seen(owner, catalogue, mutant: Mutant) -> bool:
    for world in mutants.worlds(mutant.statement, catalogue):
        try:
            is_apart = is_kept_apart(owner, catalogue, mutant.statement, mutant.sql, world=world, role=UNBOUND)
        except psycopg2.IntegrityError:  # a world that the schema's own constraints rule out
            continue
        if not is_apart:
            intact = mutant.statement
            assert is_kept_apart(owner, catalogue, intact, intact.sql, world=world, role=UNBOUND), (intact.name, world)
            return True
    return False


@dataclass(frozen=True)
class Asked:
    """A probe, answered once by the policies as they are."""

    ask: Callable[[], object]

    @functools.cached_property
    def as_it_is(self) -> object:
        return self.ask()

    def tells(self, owner, mutant: PolicyMutant) -> bool:
        """It is answered in another way, or leaves something else behind, where the policy is gone."""
        expected = self.as_it_is
        owner.execute("SAVEPOINT mutant")
        owner.execute(mutant.ddl)
        found = self.ask()
        owner.execute("ROLLBACK TO SAVEPOINT mutant; RELEASE SAVEPOINT mutant")
        return found != expected
