"""Registers the app."""

from django.apps import AppConfig


class CommunityConfig(AppConfig):
    name = "twincitylab.community"
    label = "community"
