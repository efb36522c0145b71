"""The documents name what there is."""

import pytest

from scripts.local import project

FUNCTIONS = project.read()
WEB = [function for function in FUNCTIONS if function.web]


@pytest.mark.parametrize("function", WEB, ids=lambda function: function.path)
def test_api_reference_names_each_web_function(function: project.Function) -> None:
    reference = "".join(path.read_text() for path in (project.ROOT / "docs" / "api").glob("*.*"))
    assert f"/{function.path}" in reference


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.path)
def test_some_document_names_each_function(function: project.Function) -> None:
    documents = [project.ROOT / "README.md", *(project.ROOT / "docs").rglob("*.*")]
    assert any(function.path in path.read_text() for path in documents if path.suffix in (".md", ".json", ".yaml"))
