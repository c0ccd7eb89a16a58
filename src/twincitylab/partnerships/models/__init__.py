"""Introductions, and the partnerships that come of them."""

from twincitylab.partnerships.models.agreements import AgreementVersion
from twincitylab.partnerships.models.checks import CheckSheet, CheckTaken, EyeLevelCheck
from twincitylab.partnerships.models.introductions import (
    LONGEST_MESSAGE,
    Interest,
    Introduction,
    IntroductionNote,
)
from twincitylab.partnerships.models.partnerships import (
    LEAST_ANSWERS,
    Consent,
    Objection,
    Partnership,
    Proposal,
    ProposalVersion,
    Side,
)
from twincitylab.partnerships.models.succession import HandOver, HandOverItem, SideRole, SmallTask, Thanks
from twincitylab.partnerships.models.work import (
    Activity,
    ActivityPerson,
    ActivitySide,
    CalendarKey,
    Decision,
    Message,
    Note,
    SharedFile,
    Thread,
)

__all__ = [
    "LEAST_ANSWERS",
    "LONGEST_MESSAGE",
    "Activity",
    "ActivityPerson",
    "ActivitySide",
    "AgreementVersion",
    "CalendarKey",
    "CheckSheet",
    "CheckTaken",
    "Consent",
    "Decision",
    "EyeLevelCheck",
    "HandOver",
    "HandOverItem",
    "Interest",
    "Introduction",
    "IntroductionNote",
    "Message",
    "Note",
    "Objection",
    "Partnership",
    "Proposal",
    "ProposalVersion",
    "SharedFile",
    "Side",
    "SideRole",
    "SmallTask",
    "Thanks",
    "Thread",
]
