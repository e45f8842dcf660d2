"""The site map with an empty view beside it."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from thuocdo.project.urls import urlpatterns as pages


def empty(_request: HttpRequest) -> HttpResponse:
    """Nothing at all, through everything that every answer goes through."""
    return HttpResponse()


urlpatterns = [path("trong-khong/", empty), *pages]
