"""The addresses of people and communities."""

from django.urls import URLPattern

app_name = "community"

urlpatterns: list[URLPattern] = []
