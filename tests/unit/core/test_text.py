import pytest

from promostack.core.text import InvalidCode, normalise_code


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("welcome-30", "WELCOME-30"),
        ("  summer 25 ", "SUMMER-25"),
        ("a  b", "A-B"),
        ("ｗｅｌｃｏｍｅ", "WELCOME"),
        ("save_10%!", "SAVE_10"),
        ("x" * 64, "X" * 64),
    ],
)
def test_a_code_is_brought_into_its_one_form(raw: str, code: str) -> None:
    assert normalise_code(raw) == code


@pytest.mark.parametrize("raw", ["", "   ", "%%%", "летo"[:3], "A\u202eB", "A\nB", "A\x00", "x" * 65, "\u2066A"])
def test_what_cannot_be_a_code_is_refused_with_its_field(raw: str) -> None:
    with pytest.raises(InvalidCode) as refused:
        normalise_code(raw)
    assert refused.value.status == 422
    assert set(refused.value.fields) == {"code"}
