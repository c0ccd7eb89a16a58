"""Registers the app."""

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "twincitylab.matching"
    label = "matching"
