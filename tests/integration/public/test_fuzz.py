"""Calls made up from the API's document: no bug shows, and every answer keeps the document."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from promostack.templates import service as templates
from promostack.tenants import service as tenants
from tests.integration.public.calls import Functions

PATH = Path(__file__).resolve().parents[3] / "docs" / "api" / "openapi.json"
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
)
EXAMPLES = 40
CALLS = [
    ("GET", "/public/templates"),
    ("GET", "/public/templates/{slug}"),
    ("POST", "/public/validate-coupon"),
    ("POST", "/public/render-coupon"),
    ("GET", "/public/health"),
]
DOCUMENT = {
    "schema": 2,
    "slug": "plain",
    "name": "Plain",
    "fields": {"headline": {"sample": "Hi", "public": True}},
    "formats": {
        "square": {
            "width": 64,
            "height": 64,
            "background": {"color": "#102030"},
            "layers": [{"id": "a", "type": "text", "text": "{headline}", "x": 0, "y": 0, "width": 64, "height": 64}],
        }
    },
}


class Wsgi:
    """The public functions as a WSGI application, which is what schemathesis calls without a socket."""

    def __init__(self, functions: Functions) -> None:
        self._functions = functions

    def __call__(self, environ: dict[str, Any], start_response: Callable) -> Iterator[bytes]:
        if environ["PATH_INFO"] == "/openapi.json":
            start_response("200 OK", [("Content-Type", "application/json")])
            return iter([PATH.read_bytes()])
        address = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
        _, _api, _public, function, *rest = address.split("/", 4)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        answer = self._functions.call(
            environ["REQUEST_METHOD"], function, "".join(f"/{part}" for part in rest), environ["QUERY_STRING"], body
        )
        start_response(f"{answer.status} -", list(answer.headers.items()))
        return iter([answer.body])


@pytest.mark.parametrize(("method", "path"), CALLS)
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value)
def test_made_up_calls_show_no_bug_and_keep_the_document(functions, demo, method: str, path: str, mode) -> None:
    templates.publish(tenants.get_tenant_id(demo), DOCUMENT)
    api = schemathesis.openapi.from_wsgi("/openapi.json", Wsgi(functions))
    known = {"tenant": demo, "template": "plain", "format": "square", "slug": "plain", "code": "SUMMER25"}
    if mode is GenerationMode.NEGATIVE and path.endswith("health"):
        return  # takes nothing that could be wrong

    @settings(max_examples=EXAMPLES, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(case=api[path][method].as_strategy(generation_mode=mode), names=st.sets(st.sampled_from(sorted(known))))
    def call(case, names: set[str]) -> None:
        for values in (case.body, case.query, case.path_parameters):
            if isinstance(values, dict) and mode is GenerationMode.POSITIVE:
                values.update({name: known[name] for name in names if name in values})
        case.call_and_validate(checks=CHECKS)

    call()
