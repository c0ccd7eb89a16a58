"""Saying that something was taken out of what somebody wrote, so that nobody wonders about their text."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from twincitylab.base.text import loses_characters


def tell_if_cleaned(request: HttpRequest) -> None:
    """One sentence on the next page when ``clean_text`` takes something out of what was sent.

    Call it once all is saved.
    """
    if any(loses_characters(text) for texts in request.POST.lists() for text in texts[1]):
        messages.info(request, _("Invisible characters were taken out of your text."))
