"""The closed vocabularies of introductions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class IntroductionState(models.TextChoices):
    """Where a proposed contact stands; both sides see the same."""

    PROPOSED = "proposed", _("proposed")
    ASKED = "asked", _("a question is open")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")
    EXPIRED = "expired", _("expired")


OPEN_STATES = (IntroductionState.PROPOSED, IntroductionState.ASKED)


class IntroductionWay(models.TextChoices):
    """How it came about."""

    PROPOSAL = "proposal", _("one side proposed it")
    MUTUAL = "mutual", _("both sides were interested")
    FACILITATED = "facilitated", _("a facilitator proposed it to both")


class Answer(models.TextChoices):
    """What one side has said to an introduction."""

    NONE = "", _("not answered yet")
    YES = "yes", _("yes")
    NO = "no", _("no")


class DeclineReason(models.TextChoices):
    """Why not; kind to the other side, and the list learns from it."""

    NOT_NOW = "not-now", _("Not now: our hands are full.")
    NOT_OUR_TOPIC = "not-our-topic", _("It is not our topic.")
    OTHER_LANGUAGE = "other-language", _("We would not understand each other well enough.")
    TOO_FAR = "too-far", _("It is too far, or the hours do not fit.")
    TOO_DIFFERENT = "too-different", _("We are too different for a good exchange.")
    FOUND_SOMEBODY = "found-somebody", _("We have found somebody already.")
    OTHER = "other", _("Another reason.")
