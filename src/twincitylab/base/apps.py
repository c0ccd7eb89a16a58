"""Registers the app."""

from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "twincitylab.base"
    label = "base"
