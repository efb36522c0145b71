"""What a template document may hold, and how its faults are named."""

import json
import math

import pytest

from promostack.templates.checks import SCHEMA_PATH, schema_text
from promostack.templates.document import Document, InvalidDocument, parse_document
from tests.unit.rendering.builders import document, text_data


def faults_of(data):
    with pytest.raises(InvalidDocument) as caught:
        parse_document(data)
    return caught.value.fields


def test_a_document_round_trips_zeros_included():
    layer = {**text_data(), "x": 0, "rotation": 0, "opacity": 0, "letter_spacing": 0}
    parsed = parse_document(document(layer))
    again = parse_document(json.loads(parsed.model_dump_json(by_alias=True)))
    assert again == parsed
    assert again.formats["square"].layers[0].opacity == 0


def test_the_committed_schema_is_the_models():
    assert SCHEMA_PATH.read_text(encoding="utf-8") == schema_text(Document.model_json_schema(by_alias=True))


@pytest.mark.parametrize(
    ("change", "path", "message"),
    [
        ({"foo": 1}, "formats.square.layers[0].foo", "Extra inputs are not permitted"),
        ({"x": math.nan}, "formats.square.layers[0].x", "finite number"),
        ({"x": math.inf}, "formats.square.layers[0].x", "finite number"),
        ({"width": "90"}, "formats.square.layers[0].width", "valid number"),
        ({"width": -1}, "formats.square.layers[0].width", "greater than or equal to 0"),
        ({"fill": "red"}, "formats.square.layers[0].fill", "#RRGGBB"),
        ({"stroke": {"color": "#000", "width": True}}, "formats.square.layers[0].stroke.width", "valid number"),
        ({"min_size": 200}, "formats.square.layers[0]", "'min_size' is larger"),
        ({"text": ""}, "formats.square.layers[0]", "either 'text' or 'spans'"),
        ({"text": "{headlin}"}, "formats.square.layers[0].text", "there is no field 'headlin'"),
        ({"lines": 0}, "formats.square.layers[0].lines", "greater than or equal to 1"),
        ({"type": "video"}, "formats.square.layers[0]", "video"),
        ({"visible_if": {"field": "headline"}}, "formats.square.layers[0].visible_if", "'present' or 'equals'"),
        ({"mask": {"kind": "asset"}}, "formats.square.layers[0].mask", "'asset' must be given"),
        (
            {"fill": {"stops": [{"at": 1, "color": "#000"}, {"at": 0, "color": "#FFF"}]}},
            "formats.square.layers[0].fill.stops",
            "must ascend",
        ),
    ],
)
def test_a_fault_is_named_by_its_path(change, path, message):
    faults = faults_of(document({**text_data(), **change}))
    assert message in faults[path]


def test_all_faults_are_told_at_once():
    faults = faults_of(document({**text_data(), "x": math.nan, "foo": 1}))
    assert len(faults) == 2


def test_an_id_used_twice_is_refused():
    assert "used twice" in faults_of(document(text_data(), text_data()))["formats.square.layers[1].id"]


def test_a_sample_must_obey_its_own_rule():
    data = document(text_data())
    data["fields"]["headline"] = {"sample": "abc", "pattern": "[0-9]+", "max": 5}
    assert "pattern" in faults_of(data)["fields.headline.sample"]


@pytest.mark.parametrize("pattern", ["(?=a)b", r"(a)\1", "(", "a)|(b", "(a{1000}){1000}"])
def test_a_pattern_that_could_take_for_ever_is_refused(pattern):
    data = document(text_data())
    data["fields"]["headline"] = {"sample": "a", "pattern": pattern}
    assert "no regular expression that can be used here" in faults_of(data)["fields.headline.pattern"]


def test_a_pattern_meets_a_long_text_at_once():
    data = document(text_data())
    data["fields"]["headline"] = {"sample": "a" * 80, "pattern": "(a+)+b"}
    assert "pattern" in faults_of(data)["fields.headline.sample"]


def test_ten_thousand_layers_are_one_fault_with_its_path():
    layers = [{**text_data(), "id": f"t{number}", "unknown": number} for number in range(10_000)]
    assert list(faults_of(document(*layers))) == ["formats.square.layers"]


def test_built_in_names_cannot_be_fields():
    data = document(text_data())
    data["fields"]["code"] = {"sample": "x"}
    assert "built in" in faults_of(data)["fields.code"]


@pytest.mark.parametrize("data", [None, [], "x", 3, {}, {"schema": 1}])
def test_what_is_no_document_is_refused(data):
    assert faults_of(data)


def test_one_number_of_padding_stands_for_both_directions():
    layer = {**text_data(), "background": {"color": "#FFF", "padding": 12}}
    assert parse_document(document(layer)).formats["square"].layers[0].background.padding == (12, 12)


def test_equal_documents_have_equal_digests():
    assert parse_document(document(text_data())).digest() == parse_document(document(text_data())).digest()


def test_a_changed_copy_has_another_digest():
    parsed = parse_document(document(text_data()))
    assert parsed.digest() != parsed.model_copy(update={"name": "Other"}).digest()
