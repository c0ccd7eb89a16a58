"""What the records say beside the answers: a sentence for each dimension, with why where nothing is said."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from twincitylab.base.figures import grouped
from twincitylab.community.rules.notice_sentences import apart
from twincitylab.partnerships.rules.questions import Dimension

LEAST_RECORDS = 4
"""As in ``eyelevel.parity``: with fewer nobody can say how sure a balance is."""
NOT_RECORDED = gettext_lazy("Nothing is written down about this: only you can say.")
WHY_MISSING = {
    "no_records": gettext_lazy("Nothing about this was written down in these twelve months."),
    "no_capacity": gettext_lazy(
        "At least one side has not said how much it can give, so the sums cannot be compared fairly."
    ),
    "one_side_unknown": gettext_lazy("Of at least one side nothing was written down about this."),
    "too_few": gettext_lazy("Too little is written down to say it: four records are the least."),
    "all_zero": gettext_lazy("Nought is written down for all sides: there is nothing to balance."),
}
WHY_UNSURE = {
    "too_few": gettext_lazy("How sure this is cannot be said: too few records."),
    "one_side_zero": gettext_lazy("How sure this is cannot be said: for one side everything is nought."),
    "one_record_decides": gettext_lazy("How sure this is cannot be said: a single record decides it."),
    "no_spread": gettext_lazy("How sure this is cannot be said: all records are alike."),
}
MEASURED_FROM = {
    "agenda": gettext_lazy("activities written down and proposals made"),
    "money": gettext_lazy("money and things given at activities, beside what each side can give in a year"),
    "learning": gettext_lazy("activities after which something was put to use at home"),
    "effort": gettext_lazy("hours given at activities, beside what each side can give in a year"),
    "movement": gettext_lazy("how often each side was the guest"),
    "language": gettext_lazy("activities in a language that is not the side’s own"),
    "information": gettext_lazy("notes and files shared"),
    "voice": gettext_lazy("messages written"),
}
MORE_FOR_ITS_MEANS = {
    "money": gettext_lazy("%(side)s gives more money and things for what it can give."),
    "effort": gettext_lazy("%(side)s does more of the work for what it can give."),
}


def told(measured: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """What may be said of it: of fewer than four records only how much it is, whatever was computed."""
    if measured is None or measured["missing"] or (measured["records"] or 0) >= LEAST_RECORDS:
        return measured
    return {**measured, "missing": "too_few", "balance": None, "tilt": None, "interval": None}


def measured_sentence(
    about: Dimension, measured: Mapping[str, Any] | None, names: Sequence[str], *, currency: str
) -> str:
    """Who carries more, how much is written down, from how many records; give it what is ``told``."""
    if measured is None:
        return str(NOT_RECORDED)
    if measured["missing"]:
        why = str(WHY_MISSING.get(measured["missing"], NOT_RECORDED))
        return " ".join(filter(None, (why, _sums(about, measured, names, currency=currency))))
    words = [_who(about, measured, names), _sums(about, measured, names, currency=currency)]
    if measured["no_interval"]:
        words.append(str(WHY_UNSURE.get(measured["no_interval"], "")))
    if measured["records"]:
        words.append(
            ngettext("From %(count)d record.", "From %(count)d records.", measured["records"])
            % {"count": measured["records"]}
        )
    if measured["left_out"]:
        words.append(
            ngettext(
                "%(count)d more is left out, because a side has not said anything there.",
                "%(count)d more are left out, because a side has not said anything there.",
                measured["left_out"],
            )
            % {"count": measured["left_out"]}
        )
    return " ".join(filter(None, words))


def _who(about: Dimension, measured: Mapping[str, Any], names: Sequence[str]) -> str:
    tilt, interval = measured["tilt"], measured["interval"]
    if tilt is None or tilt == 0:
        return _("What is written down is level.") if measured["balance"] == 1 else ""
    more = MORE_FOR_ITS_MEANS.get(about.key, about.more) if measured["is_relative"] else about.more
    said = str(more) % {"side": apart(names[0 if tilt > 0 else 1])}
    if interval and interval[1] < 1:
        return said
    return _("Written down, though not surely: %(more)s") % {"more": said}


def _sums(about: Dimension, measured: Mapping[str, Any], names: Sequence[str], *, currency: str) -> str:
    if not measured["sums"] or not any(measured["sums"]):
        return ""
    unit = {"money": f" {currency}", "effort": " " + _("hours")}.get(about.key, "")
    written = [
        f"{apart(name)} {grouped(amount)}{unit}" for name, amount in zip(names, measured["sums"], strict=True)
    ]
    return _("Written down: %(sums)s.") % {"sums": " · ".join(written)}
