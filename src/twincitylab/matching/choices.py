"""The closed vocabularies of matching."""

from django.db import models
from django.utils.translation import gettext_lazy as _

DEFAULT_PRESET = "balanced"
# Fair lists are computed in this order: what most visitors see comes first.
PRESET_KEYS = ("balanced", "like-us", "easy", "far", "beyond", "established")


class RunState(models.TextChoices):
    """Where one computation of fair lists stands."""

    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    READY = "ready", _("ready")
    FAILED = "failed", _("failed")
