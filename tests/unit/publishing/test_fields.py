"""What a visitor may put into a template's fields."""

import pytest

from promostack.publishing.errors import FieldsRefused
from promostack.publishing.fields import check_fields

RULES = {
    "percent": {"public": True, "pattern": r"\d{1,2}"},
    "word": {"public": True, "pattern": "(a+)+b", "max": 500},
    "inner": {"sample": "ours"},
    "photo": {"public": True, "kind": "image"},
}


def test_a_value_that_follows_the_rules_passes():
    check_fields(RULES, {"percent": "30", "word": "aab"})


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"percent": "300"}, "fields.percent"),
        ({"percent": "30\n"}, "fields.percent"),
        ({"word": "a" * 500}, "fields.word"),
        ({"word": "a" * 501}, "fields.word"),
        ({"word": "a\x00b"}, "fields.word"),
        ({"word": "\ud800"}, "fields.word"),
        ({"inner": "x"}, "fields.inner"),
        ({"photo": "seed/x.jpg"}, "fields.photo"),
        ({"nothing": "x"}, "fields.nothing"),
    ],
    ids=[
        "too long for its pattern",
        "line end",
        "a pattern that others try for hours",
        "too long",
        "control",
        "half",
        "not public",
        "picture",
        "unknown",
    ],
)
def test_a_value_that_does_not_is_refused_with_its_path(values, path):
    with pytest.raises(FieldsRefused) as refused:
        check_fields(RULES, values)
    assert list(refused.value.fields) == [path]
