"""The interface put together: its routers, who may call, and how errors look."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from . import batches, bodies, documents, exchange, feeds, figures, files, indicators, scorecards, tasks
from .keys import ApiKeyBearer
from .problems import as_problem, install

PROBLEM, PROBLEM_TYPE = {"code", "message"}, "application/problem+json"


class Interface(NinjaAPI):
    """Names the language of every answer, and gives every refusal the form of a problem document."""

    def create_response(self, request: HttpRequest, data: Any, **conditions: Any) -> HttpResponse:
        status = conditions.get("status") or conditions["temporal_response"].status_code
        is_problem = status >= HTTPStatus.BAD_REQUEST and isinstance(data, dict) and data.keys() >= PROBLEM
        if is_problem:
            data = as_problem(data, status)
        response = super().create_response(request, data, **conditions)
        if is_problem:
            response["Content-Type"] = PROBLEM_TYPE
        response["Content-Language"] = get_language() or "vi"
        patch_vary_headers(response, ["Accept-Language"])
        return response

    def get_openapi_schema(self, **conditions: Any) -> OpenAPISchema:
        """The description, in which problems have their own type of content."""
        schema = super().get_openapi_schema(**conditions)
        for operation in (one for path in schema["paths"].values() for one in path.values()):
            for status, response in operation["responses"].items():
                content = response.get("content", {})
                named = content.get("application/json", {}).get("schema", {})
                choices = [one.get("$ref", "").endswith("/Problem") for one in [named, *named.get("anyOf", [])]]
                if int(status) >= HTTPStatus.BAD_REQUEST and any(choices):
                    content[PROBLEM_TYPE] = {"schema": {"$ref": "#/components/schemas/Problem"}}
                    if choices[0]:
                        del content["application/json"]
        return schema


# Without a page of its own: the usual ones fetch their scripts from another host.
api = Interface(
    title="Thước Đo",
    version="1",
    description="Figures in, rankings out; tasks to and fro. Errors are in the language of Accept-Language (vi, en).",
    docs_url=None,
    auth=ApiKeyBearer(),
)
ROUTERS = (
    # Figures are sent and read at one address.
    figures.router,
    batches.router,
    feeds.router,
    indicators.router,
    scorecards.router,
    tasks.router,
    files.router,
    documents.router,
    bodies.router,
    exchange.router,
)
for router in ROUTERS:
    api.add_router("", router)
install(api)
