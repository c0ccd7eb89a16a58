"""Registers the app."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "twincitylab.api"
    label = "api"
