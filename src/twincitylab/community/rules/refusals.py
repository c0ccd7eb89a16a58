"""How an operation says no: one plain sentence fit to show, and the field of the form it is about."""

from django.utils.translation import gettext as _

from twincitylab.base.text import TooLong, clean_text


class Refused(Exception):
    """What was asked cannot be done; ``message`` says why, and what would be right, to the one who asked."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return self.message


def fitting_text(text: str, *, longest: int, field: str = "", one_line: bool = True) -> str:
    """What somebody wrote, cleaned; ``Refused`` when it is longer than there is room for."""
    try:
        return clean_text(text, longest=longest, one_line=one_line)
    except TooLong as error:
        raise Refused(
            _("This is %(over)d characters too long: there is room for %(longest)d.")
            % {"over": error.length - longest, "longest": longest},
            field=field,
        ) from None
