"""The doors that speak HTTP: pages, sign-in, the programming interface."""

from django.urls import include, path

from thuocdo.api.v1.application import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("tai-khoan/", include("allauth.urls")),
    path("", include("thuocdo.web.urls")),
]

handler400 = "thuocdo.web.errors.bad_request"
