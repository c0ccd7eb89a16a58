"""Registers the app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "twincitylab.web"
    label = "web"
