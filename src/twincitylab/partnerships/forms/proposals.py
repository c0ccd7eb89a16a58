"""What is asked when something that binds is proposed or changed: one form for each kind."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from twincitylab.atlas.choices import TwinningKind, TwinningStatus
from twincitylab.community.models import LONGEST_TEXT
from twincitylab.partnerships.choices import ProposalKind, Stage
from twincitylab.partnerships.forms.introductions import KEY_AGAIN
from twincitylab.partnerships.models import LEAST_ANSWERS, Partnership
from twincitylab.partnerships.queries.workspaces import Workspace
from twincitylab.partnerships.rules.consent import NEXT_STAGES

Payload = Mapping[str, Any]


def _text(label: Any, *, is_required: bool, help_text: Any = "", rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=is_required,
        max_length=2 * LONGEST_TEXT,
        widget=forms.Textarea({"rows": rows, "dir": "auto"}),
        error_messages={"required": _("Write a few words first.")},
    )


class AnswerForm(forms.Form):
    """To exactly which version an answer is given."""

    number = forms.IntegerField(min_value=1, max_value=32_000, widget=forms.HiddenInput)
    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)


class ObjectionForm(AnswerForm):
    reason = _text(_("What stands in the way?"), is_required=True)


class MatterForm(forms.Form):
    """The part all share. ``number`` is the version that is changed; empty for a new proposal."""

    kind: ClassVar[str]
    tells_reason: ClassVar[bool] = False
    """Whether the reason is part of what is agreed, so that none is asked for beside it."""

    form_key = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": KEY_AGAIN, "invalid": KEY_AGAIN}
    )
    number = forms.IntegerField(required=False, min_value=1, max_value=32_000, widget=forms.HiddenInput)
    why = _text(_("Why, in a few words"), is_required=False)

    def __init__(self, *args: Any, workspace: Workspace, **more: Any) -> None:
        super().__init__(*args, **more)
        self.workspace = workspace
        self.build(workspace.partnership)
        if self.tells_reason:
            del self.fields["why"]
        else:
            self.fields["why"] = self.fields.pop("why")

    def build(self, partnership: Partnership) -> None:
        """Add what depends on the partnership."""

    @property
    def payload(self) -> dict[str, Any]:
        return {}

    @staticmethod
    def begin(payload: Payload) -> dict[str, Any]:
        """The first values of the fields, from what is proposed so far."""
        return dict(payload)


class StageForm(MatterForm):
    kind = ProposalKind.STAGE
    tells_reason = True
    stage = forms.ChoiceField(label=_("The next stage"), widget=forms.RadioSelect)
    reason = _text(
        _("Reason"), is_required=False, help_text=_("A pause needs one: it stays readable for both sides.")
    )

    def build(self, partnership: Partnership) -> None:
        field = self.fields["stage"]
        nexts = NEXT_STAGES.get(partnership.stage, ())
        is_agreed = partnership.agreement_id is not None
        field.choices = [  # type: ignore[attr-defined]
            (stage.value, stage.label) for stage in nexts if is_agreed or stage != Stage.AGREED
        ]

    @property
    def payload(self) -> dict[str, Any]:
        return {"stage": self.cleaned_data["stage"], "reason": self.cleaned_data["reason"]}


class EndingForm(MatterForm):
    kind = ProposalKind.ENDING
    tells_reason = True
    reason = _text(
        _("Why do you part?"),
        is_required=True,
        help_text=_("A good end is told. Everything you have written together stays readable for all sides."),
    )

    @property
    def payload(self) -> dict[str, Any]:
        return {"reason": self.cleaned_data["reason"]}


class BudgetForm(MatterForm):
    kind = ProposalKind.BUDGET
    year = forms.IntegerField(label=_("Year"), min_value=1900, max_value=2200)
    currency = forms.CharField(
        label=_("Currency"), max_length=3, min_length=3, help_text=_("Three letters, such as EUR or USD.")
    )

    def build(self, partnership: Partnership) -> None:
        self.fields["currency"].initial = partnership.currency
        for side in self.workspace.active:
            self.fields[f"side_{side.pk}"] = forms.DecimalField(
                label=_("%(name)s gives") % {"name": side.name}, min_value=0, max_digits=13, decimal_places=2
            )

    @property
    def payload(self) -> dict[str, Any]:
        sums = {str(side.pk): str(self.cleaned_data[f"side_{side.pk}"]) for side in self.workspace.active}
        return {
            "year": self.cleaned_data["year"],
            "currency": self.cleaned_data["currency"].upper(),
            "sides": sums,
        }

    @staticmethod
    def begin(payload: Payload) -> dict[str, Any]:
        sums = {f"side_{pk}": value for pk, value in (payload.get("sides") or {}).items()}
        return {key: payload[key] for key in ("year", "currency") if key in payload} | sums


class PublishForm(MatterForm):
    """Says but one thing: the opposite of what is."""

    kind = ProposalKind.PUBLISH

    @property
    def payload(self) -> dict[str, Any]:
        return {"is_public": not self.workspace.partnership.is_public}


class LeastAnswersForm(MatterForm):
    kind = ProposalKind.LEAST_ANSWERS
    least_answers = forms.IntegerField(
        label=_("So many people of each side must answer before a check is opened"),
        min_value=LEAST_ANSWERS,
        max_value=50,
        help_text=_("At least 3: with fewer, a person’s answer could be guessed."),
    )

    @property
    def payload(self) -> dict[str, Any]:
        return {"least_answers": self.cleaned_data["least_answers"]}


class NewSideForm(MatterForm):
    kind = ProposalKind.NEW_SIDE
    community = forms.CharField(
        label=_("The community you would like to have with you"),
        max_length=200,
        help_text=_("Its name, or the last part of its address here."),
        widget=forms.TextInput({"dir": "auto"}),
        error_messages={"required": _("Choose the community you would like to have with you.")},
    )
    found: int | None = None
    """The community that was meant, as the page has found it."""

    @property
    def payload(self) -> dict[str, Any]:
        return {"community": self.found}


class TwinningForm(MatterForm):
    kind = ProposalKind.TWINNING
    tells_reason = True
    pair = forms.ChoiceField(label=_("The two cities"))
    twinning_kind = forms.ChoiceField(label=_("Kind"), choices=TwinningKind.choices)
    status = forms.ChoiceField(label=_("How it stands"), choices=TwinningStatus.choices)
    since = forms.IntegerField(label=_("Since (year)"), required=False, min_value=1, max_value=9999)
    until = forms.IntegerField(
        label=_("Until (year), if it has ended"), required=False, min_value=1, max_value=9999
    )
    reason = _text(_("Why are the two cities linked? One sentence."), is_required=True)

    def offer(self, pairs: list[tuple[str, str]]) -> None:
        """The pairs of cities that can be claimed here: ``"<a>-<b>"`` and their names."""
        self.fields["pair"].choices = pairs  # type: ignore[attr-defined]
        if len(pairs) == 1:
            self.fields["pair"].initial = pairs[0][0]

    @property
    def payload(self) -> dict[str, Any]:
        a, _dash, b = self.cleaned_data["pair"].partition("-")
        return {
            "a": int(a),
            "b": int(b),
            "kind": self.cleaned_data["twinning_kind"],
            **{name: self.cleaned_data[name] for name in ("status", "since", "until", "reason")},
        }

    @staticmethod
    def begin(payload: Payload) -> dict[str, Any]:
        if "a" not in payload:
            return {}
        facts = {name: payload[name] for name in ("status", "since", "until", "reason")}
        return {"pair": f"{payload['a']}-{payload['b']}", "twinning_kind": payload["kind"], **facts}


class AgreementMatterForm(MatterForm):
    kind = ProposalKind.AGREEMENT
    version = forms.TypedChoiceField(label=_("Version of the agreement"), coerce=int)

    def build(self, partnership: Partnership) -> None:
        numbers = partnership.agreement_versions.order_by("-number").values_list("number", flat=True)
        self.fields["version"].choices = [  # type: ignore[attr-defined]
            (number, _("version %(number)s") % {"number": number}) for number in numbers
        ]

    @property
    def payload(self) -> dict[str, Any]:
        return {"version": self.cleaned_data["version"]}


FORMS: Mapping[str, type[MatterForm]] = {
    form.kind: form
    for form in (
        AgreementMatterForm,
        StageForm,
        BudgetForm,
        PublishForm,
        LeastAnswersForm,
        NewSideForm,
        TwinningForm,
        EndingForm,
    )
}
