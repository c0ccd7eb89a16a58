"""The declared page components: each names its props, refuses any other, and asks the database nothing."""

from twincitylab.base.components import cards, charts, clock, notes, texts, words  # noqa: F401 - they register
from twincitylab.base.components.library import register

__all__ = ["register"]
