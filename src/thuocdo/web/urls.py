"""The site map."""

from django.urls import URLPattern, URLResolver, path
from django.views.i18n import set_language

from . import live
from .bodies import suggest
from .design.style import views as style

urlpatterns: list[URLPattern | URLResolver] = [
    path("ngon-ngu/", set_language, name="set_language"),
    path("live", live.live, name="live"),
    path("co-quan/goi-y", suggest.part, name="suggest_bodies"),
    path("thiet-ke/", style.page, name="style"),
]
