"""Speaks the language that was chosen, and Vietnamese to everybody who has not chosen.

Django's own middleware would follow the browser's setting; offices here often run English browsers, and
the page of a Vietnamese authority must not greet its citizens in another language because of that.
"""

from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.decorators import sync_and_async_middleware

LANGUAGES = dict(settings.LANGUAGES)


def language_of(request: HttpRequest) -> str:
    """The language in the visitor's cookie, or Vietnamese."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in LANGUAGES else settings.LANGUAGE_CODE


@sync_and_async_middleware
def ChosenLanguage(  # noqa: N802 (Django names middleware like classes)
    get_response: Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]],
) -> Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]:
    """Activates the visitor's language for the request and names it in the answer."""

    def prepare(request: HttpRequest) -> str:
        language = language_of(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        return language

    def mark(response: HttpResponseBase, language: str) -> HttpResponseBase:
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Cookie"])
        return response

    if iscoroutinefunction(get_response):

        async def asynchronous(request: HttpRequest) -> HttpResponseBase:
            language = prepare(request)
            return mark(await get_response(request), language)

        return asynchronous

    def synchronous(request: HttpRequest) -> HttpResponseBase:
        language = prepare(request)
        return mark(get_response(request), language)  # type: ignore[arg-type]

    return synchronous
