"""The declared page components: each names its props, refuses any other, and asks the database nothing."""

from django import template

register = template.Library()
