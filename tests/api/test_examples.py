"""The description shows an example of every body that a call brings and of every answer, and the examples hold."""

from collections.abc import Iterator
from typing import Any

import pytest

from thuocdo.api.v1.application import api
from thuocdo.api.v1.exchange import ORDER, OrderOut
from thuocdo.api.v1.tasks.shapes import REPORT, SHORT, WHOLE, ReportOut, TaskShort, TaskWhole

DESCRIPTION = api.get_openapi_schema()
# What is bytes, not JSON.
BYTES = {"application/octet-stream", "application/vnd.apache.parquet", "application/x-ndjson", "multipart/form-data"}


def contents() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in DESCRIPTION["paths"].items():
        for method, operation in methods.items():
            name = f"{method.upper()} {path}"
            for kind, content in operation.get("requestBody", {}).get("content", {}).items():
                yield f"{name} brings {kind}", content
            for status, answer in operation["responses"].items():
                for kind, content in answer.get("content", {}).items():
                    yield f"{name} answers {status} {kind}", content


def has_example(content: dict[str, Any]) -> bool:
    return "example" in content or "examples" in content or shows(content.get("schema", {}))


def shows(schema: dict[str, Any]) -> bool:
    """Whether a form has an example of its own, or is a list or a page of forms that have one."""
    if "$ref" in schema:
        named = DESCRIPTION["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return shows(named)
    if "examples" in schema or "example" in schema:
        return True
    if "anyOf" in schema:
        return all(shows(one) for one in schema["anyOf"])
    if schema.get("type") == "array":
        return shows(schema["items"])
    items = schema.get("properties", {}).get("items")
    return items is not None and shows(items)


def test_every_body_and_every_answer_has_an_example() -> None:
    found = list(contents())
    assert len(found) > 100
    bare = [name for name, content in found if name.rpartition(" ")[2] not in BYTES and not has_example(content)]
    assert bare == []


@pytest.mark.parametrize(
    ("form", "example"),
    [(TaskShort, SHORT), (TaskWhole, WHOLE), (ReportOut, REPORT), (OrderOut, ORDER)],
    ids=["short", "whole", "report", "order"],
)
def test_an_example_is_what_it_shows(form: Any, example: dict[str, Any]) -> None:
    form.model_validate(example)
    names = {field.alias or name for name, field in form.model_fields.items()}
    assert set(example) == names
