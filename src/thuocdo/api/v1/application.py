"""The interface put together: its routers, who may call, and how errors look."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from ninja import NinjaAPI

from . import batches, feeds, indicators, measurements, scorecards
from .keys import ApiKeyBearer
from .problems import install


class Interface(NinjaAPI):
    """Names the language of every answer."""

    def create_response(self, request: HttpRequest, data: Any, **conditions: Any) -> HttpResponse:
        response = super().create_response(request, data, **conditions)
        response["Content-Language"] = get_language() or "vi"
        patch_vary_headers(response, ["Accept-Language"])
        return response


# Without a page of its own: the usual ones fetch their scripts from another host.
api = Interface(
    title="Thước Đo",
    version="1",
    description="Figures in, rankings out. Errors are in the language of Accept-Language (vi, en).",
    docs_url=None,
    auth=ApiKeyBearer(),
)
for module in (measurements, batches, feeds, indicators, scorecards):
    api.add_router("", module.router)
install(api)
