"""What a form says when something was sent that is none of its entries."""

from django import forms
from django.utils.translation import gettext_lazy as _

NO_ENTRY = _("Choose one of the entries.")
_OF_DJANGO = (
    forms.ChoiceField.default_error_messages["invalid_choice"],
    forms.MultipleChoiceField.default_error_messages["invalid_choice"],
    forms.MultipleChoiceField.default_error_messages["invalid_list"],
)


def say_plainly(form: forms.BaseForm) -> None:
    """Put our sentence wherever a field has none of its own; the value that was sent is not repeated."""
    for field in form.fields.values():
        for code, message in field.error_messages.items():
            if any(message is given for given in _OF_DJANGO):
                field.error_messages[code] = NO_ENTRY
