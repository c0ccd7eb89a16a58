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


class Stage(models.TextChoices):
    """Where a partnership stands."""

    EXPLORING = "exploring", _("getting to know each other")
    AGREED = "agreed", _("agreed")
    ACTIVE = "active", _("active")
    REVIEW = "in-review", _("in review")
    PAUSED = "paused", _("paused")
    ENDED = "ended", _("ended")


class ProposalKind(models.TextChoices):
    """What binds, and therefore needs every side's yes."""

    AGREEMENT = "agreement", _("the agreement")
    STAGE = "stage", _("the stage")
    NEW_SIDE = "new-side", _("a new side")
    BUDGET = "budget", _("the budget")
    PUBLISH = "publish", _("the public page")
    LEAST_ANSWERS = "least-answers", _("how many must answer a check")
    TWINNING = "twinning", _("the twinning in the atlas")
    ENDING = "ending", _("the end")


class ProposalState(models.TextChoices):
    """What became of a proposal."""

    OPEN = "open", _("waits for a yes")
    OBJECTED = "objected", _("a side objects")
    EFFECTIVE = "effective", _("in effect")
    WITHDRAWN = "withdrawn", _("withdrawn")
    OVERTAKEN = "overtaken", _("overtaken")


LIVING_PROPOSALS = (ProposalState.OPEN, ProposalState.OBJECTED)


class ActivityKind(models.TextChoices):
    """What was done together."""

    MEETING = "meeting", _("Meeting")
    VISIT = "visit", _("Visit")
    WORKSHOP = "workshop", _("Workshop")
    EXCHANGE = "exchange", _("Exchange")
    PROJECT = "project", _("Project work")
    CEREMONY = "ceremony", _("Ceremony")


class ActivityState(models.TextChoices):
    PLANNED = "planned", _("planned")
    HELD = "held", _("held")
    CALLED_OFF = "called-off", _("called off")


class CheckState(models.TextChoices):
    """Of a round of answers."""

    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")
    TOO_FEW = "too-few", _("too few have answered")


class TaskState(models.TextChoices):
    OPEN = "open", _("open")
    TAKEN = "taken", _("somebody is at it")
    DONE = "done", _("done")
