"""The user guide's table of rights is the permission matrix, no more and no less."""

import re
from pathlib import Path

import pytest

from promostack.auth.permissions import MATRIX, ROLES

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide" / "members.md"
_LINE = re.compile(
    r"^\| `(?P<right>[a-z.]+)` \| [^|]+ \| (?P<owner>[✓–]) \| (?P<admin>[✓–]) \| (?P<member>[✓–]) \|$", re.M
)


def table() -> dict[str, dict[str, bool]]:
    """right → role → granted, as the guide says."""
    found = [match.groupdict() for match in _LINE.finditer(GUIDE.read_text("utf-8"))]
    return {line["right"]: {role: line[role] == "✓" for role in ROLES} for line in found}


def test_the_guide_lists_every_right_and_no_other() -> None:
    assert set(table()) == set(MATRIX)


@pytest.mark.parametrize("right", MATRIX)
@pytest.mark.parametrize("role", ROLES)
def test_the_guide_grants_what_the_matrix_grants(role: str, right: str) -> None:
    assert table()[right][role] == (role in MATRIX[right])
