"""People, their communities, what these seek and bring, and whom a city's communities know."""

from twincitylab.community.models.communities import (
    MOST_CAPACITY,
    Community,
    CommunityBlock,
    CommunityLanguage,
    CommunityTopic,
    CommunityWord,
    Disclosure,
    Invitation,
    Membership,
    NoMoreInvitations,
)
from twincitylab.community.models.lengths import LONGEST_ABOUT, LONGEST_LINE, LONGEST_NAME, LONGEST_TEXT
from twincitylab.community.models.needs import NeedOffer
from twincitylab.community.models.notices import Notice
from twincitylab.community.models.people import ApiToken, Person, SentKey
from twincitylab.community.models.scouting import LONGEST_DISTRICT, CityDistrict, Contact

__all__ = [
    "LONGEST_ABOUT",
    "LONGEST_DISTRICT",
    "LONGEST_LINE",
    "LONGEST_NAME",
    "LONGEST_TEXT",
    "MOST_CAPACITY",
    "ApiToken",
    "CityDistrict",
    "Community",
    "CommunityBlock",
    "CommunityLanguage",
    "CommunityTopic",
    "CommunityWord",
    "Contact",
    "Disclosure",
    "Invitation",
    "Membership",
    "NeedOffer",
    "NoMoreInvitations",
    "Notice",
    "Person",
    "SentKey",
]
