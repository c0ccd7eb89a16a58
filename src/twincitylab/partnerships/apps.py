"""Registers the app."""

from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    name = "twincitylab.partnerships"
    label = "partnerships"
