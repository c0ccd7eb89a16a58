"""The addresses of the product: pages at the root, the JSON API under ``/api/v1/``."""

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("twincitylab.api.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("twincitylab.community.urls")),
    path("", include("twincitylab.partnerships.urls")),
    path("", include("twincitylab.web.urls")),
]
