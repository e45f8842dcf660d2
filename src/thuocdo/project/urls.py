"""The doors that speak HTTP: pages, sign-in, the programming interface."""

from django.urls import include, path

urlpatterns = [
    path("tai-khoan/", include("allauth.urls")),
    path("", include("thuocdo.web.urls")),
]

handler400 = "thuocdo.web.errors.bad_request"
