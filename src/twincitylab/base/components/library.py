"""The template library the components register in."""

from django import template

register = template.Library()
