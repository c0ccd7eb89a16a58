"""What a notice says, in the reader's language: a notice keeps only its kind and the communities it names."""

import unicodedata
from collections.abc import Mapping

from django.utils.translation import get_language_bidi, gettext_lazy
from django.utils.translation import gettext as _

_FIRST_STRONG, _END = "\u2068", "\u2069"

SENTENCES = {
    "introduction-proposed": gettext_lazy("%(other)s would like to meet %(community)s."),
    "introduction-facilitated": gettext_lazy(
        "A facilitator thinks that %(community)s and %(other)s should meet."
    ),
    "introduction-sent": gettext_lazy("%(community)s has proposed to %(other)s that you meet."),
    "introduction-asked": gettext_lazy("%(other)s has a question before deciding about %(community)s."),
    "introduction-answered": gettext_lazy("%(other)s has answered the question of %(community)s."),
    "introduction-note": gettext_lazy(
        "The facilitator has written a note on the introduction of %(community)s and %(other)s."
    ),
    "introduction-accepted": gettext_lazy(
        "%(community)s and %(other)s have both said yes: now you can write to each other."
    ),
    "introduction-mutual": gettext_lazy(
        "%(community)s and %(other)s would both like to meet: now you can write to each other."
    ),
    "introduction-declined": gettext_lazy("%(other)s cannot meet %(community)s at the moment, and says why."),
    "introduction-declined-here": gettext_lazy(
        "A steward of %(community)s has declined to meet %(other)s at the moment."
    ),
    "introduction-withdrawn": gettext_lazy("%(other)s has withdrawn its proposal to %(community)s."),
    "introduction-withdrawn-here": gettext_lazy(
        "A steward of %(community)s has withdrawn the proposal to %(other)s."
    ),
    "introduction-called-off": gettext_lazy(
        "The facilitator has withdrawn the proposal that %(community)s and %(other)s meet."
    ),
    "introduction-expired": gettext_lazy(
        "The proposal between %(community)s and %(other)s found no answer in time and has ended."
    ),
    "proposal-made": gettext_lazy("%(other)s proposes something that would bind %(community)s, too."),
    "proposal-edited": gettext_lazy("%(other)s has changed what is proposed to %(community)s: please look."),
    "proposal-renewed": gettext_lazy(
        "The sides of a partnership of %(community)s have changed: please say yes anew to what is proposed."
    ),
    "proposal-consented": gettext_lazy("%(other)s has said yes; somebody else’s yes is still missing."),
    "proposal-effective": gettext_lazy("%(community)s and %(other)s have decided something together."),
    "proposal-objected": gettext_lazy("%(other)s objects to what is proposed, and says why."),
    "proposal-withdrawn": gettext_lazy("%(other)s has withdrawn what it had proposed to %(community)s."),
    "proposal-overtaken": gettext_lazy(
        "Something else has happened, so what was proposed between %(community)s and %(other)s is settled."
    ),
    "side-invited": gettext_lazy("%(other)s invites %(community)s into a partnership."),
    "side-left": gettext_lazy("%(other)s has left the partnership with %(community)s, and says why."),
    "side-vanished": gettext_lazy(
        "%(other)s has been given up. %(community)s can now pause or end the partnership alone."
    ),
    "partnership-hidden": gettext_lazy(
        "The public page of the partnership of %(community)s and %(other)s was taken away."
    ),
    "agreement-written": gettext_lazy("%(other)s has written on the agreement with %(community)s."),
    "check-opened": gettext_lazy(
        "%(community)s and %(other)s look at how level they are: please answer twenty short questions."
    ),
    "check-ends-soon": gettext_lazy(
        "The eye-level check of %(community)s and %(other)s ends in three days, and waits for your answers."
    ),
    "check-closed": gettext_lazy(
        "The result of the eye-level check of %(community)s and %(other)s is there."
    ),
    "check-too-few": gettext_lazy(
        "Too few have answered the eye-level check of %(community)s and %(other)s: there is no result."
    ),
    "facilitated-asked": gettext_lazy("%(community)s has written a note to %(other)s, whom you introduce."),
    "facilitated-accepted": gettext_lazy(
        "%(community)s and %(other)s, whom you introduced, have both said yes."
    ),
    "facilitated-declined": gettext_lazy(
        "%(community)s and %(other)s, whom you introduced, will not meet at the moment."
    ),
    "facilitated-expired": gettext_lazy(
        "Your proposal that %(community)s and %(other)s meet found no answer in time and has ended."
    ),
    "activity-planned": gettext_lazy("%(other)s has planned something with %(community)s."),
    "activity-called-off": gettext_lazy("%(other)s has called off something planned with %(community)s."),
    "thanks-said": gettext_lazy("%(other)s says thank you to %(community)s."),
    "hand-over-begun": gettext_lazy(
        "Somebody in the partnership of %(community)s and %(other)s hands over what they have in hand."
    ),
    "role-ends-soon": gettext_lazy(
        "A role of %(community)s in the partnership with %(other)s ends within thirty days: who follows?"
    ),
    "partnership-renamed": gettext_lazy(
        "%(other)s has changed how the partnership with %(community)s is described."
    ),
    "partnership-silent": gettext_lazy(
        "The partnership of %(community)s and %(other)s is quiet for longer than usual."
    ),
    "partnership-on-one": gettext_lazy(
        "One person carries over half of the contacts of %(community)s and %(other)s: share it."
    ),
    "review-soon": gettext_lazy(
        "The agreement of %(community)s and %(other)s is to be looked at again within a month."
    ),
    "review-due": gettext_lazy(
        "Today the agreement of %(community)s and %(other)s is to be looked at again."
    ),
    "verification-asked": gettext_lazy("A community asks you to verify who it is."),
    "talk-written": gettext_lazy("%(other)s has written to %(community)s."),
}


def sentence(kind: str, words: Mapping[str, object]) -> str:
    """The sentence of a notice. A name that is missing is put into words, and an unknown kind says little:
    what a reader may not see is never guessed.

    >>> sentence("introduction-proposed", {"other": "Repair Café", "community": "Fixers"})
    'Repair Café would like to meet Fixers.'
    """
    found = SENTENCES.get(kind)
    if found is None:
        return _("There is news for you.")
    return str(found) % _Names(words)


class _Names(dict[str, str]):
    """Names for a sentence, each apart from the direction of the text around it."""

    def __init__(self, words: Mapping[str, object]) -> None:
        super().__init__({key: apart(str(word)) for key, word in words.items() if word})

    def __missing__(self, key: str) -> str:
        return _("a community")


def apart(name: str) -> str:
    """A name for a sentence, apart from the direction of the text around it where that matters."""
    turns = any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in name)
    return f"{_FIRST_STRONG}{name}{_END}" if turns or get_language_bidi() else name
