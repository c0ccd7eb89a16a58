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


class AsideReason(models.TextChoices):
    """Why a community sets a match aside; the values are those of a declined introduction."""

    NOT_NOW = "not-now", _("Not now: show them again in three months.")
    NOT_OUR_TOPIC = "not-our-topic", _("It is not our topic.")
    OTHER_LANGUAGE = "other-language", _("We would not understand each other well enough.")
    TOO_FAR = "too-far", _("It is too far, or the hours do not fit.")
    TOO_DIFFERENT = "too-different", _("We are too different for a good exchange.")
    OTHER = "other", _("Another reason.")


class PairState(models.TextChoices):
    """Where two communities stand with each other, in the words of one side; the first one counts most."""

    ANSWER = "answer", _("They have proposed to meet and wait for your answer.")
    REPLY = "reply", _("They have asked you something about your proposal.")
    ASKED = "asked", _("You have asked them something before you decide: now they have the word.")
    SENT = "sent", _("You have proposed to meet; they have not decided yet.")
    MET = "met", _("You have met already.")
    PRIVATE = "private", _("You are interested, in private.")

    @property
    def action(self) -> str:
        """What the link beside it says."""
        words = {
            PairState.ANSWER: _("Answer them"),
            PairState.REPLY: _("Reply to them"),
            PairState.ASKED: _("Open the introduction"),
            PairState.SENT: _("See your proposal"),
            PairState.MET: _("Open the introduction"),
            PairState.PRIVATE: _("Propose to meet"),
        }
        return str(words[self])
