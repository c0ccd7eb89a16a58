"""Registers the app."""

from django.apps import AppConfig


class AtlasConfig(AppConfig):
    name = "twincitylab.atlas"
    label = "atlas"
