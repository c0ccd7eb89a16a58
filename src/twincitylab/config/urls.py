"""The addresses of the product: pages at the root, the JSON API under ``/api/v1/``."""

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("twincitylab.api.urls")),
    path("", include("twincitylab.web.urls")),
]
