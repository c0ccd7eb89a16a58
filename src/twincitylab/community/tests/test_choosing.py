"""What is none of the entries is refused in our words."""

import pytest
from django.http import QueryDict

from twincitylab.community.choices import Direction
from twincitylab.community.forms.accounts import SettingsForm, TokenForm
from twincitylab.community.forms.communities import CommunityForm
from twincitylab.community.forms.invitations import InvitationForm
from twincitylab.community.forms.needs import NeedForm
from twincitylab.community.tests.world import make_community


@pytest.mark.usefixtures("atlas")
def test_no_entry_is_refused_in_our_words() -> None:
    sent = QueryDict(
        "kind=99&topics=99&size=99&modes=99&visibility=99&about_language=99&role=99&way=99&urgency=99"
        "&language=99&timezone=99&digest=99&scope=99&days=99"
    )
    need = NeedForm(sent, community=make_community(), direction=Direction.NEED)
    for form, fields in (
        (CommunityForm(sent), ("kind", "topics", "size", "modes", "visibility", "about_language")),
        (need, ("kind", "urgency")),
        (InvitationForm(sent), ("role", "way")),
        (SettingsForm(sent), ("language", "timezone", "digest")),
        (TokenForm(sent), ("scope", "days")),
    ):
        assert {field: form.errors.get(field) for field in fields} == {
            field: ["Choose one of the entries."] for field in fields
        }
