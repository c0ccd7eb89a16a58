"""A person's own page, and the settings on it."""

from typing import cast
from zoneinfo import available_timezones

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from twincitylab.base.cleaning import tell_if_cleaned
from twincitylab.community.forms.accounts import SettingsForm
from twincitylab.community.models import Person
from twincitylab.community.operations.accounts import change_wishes
from twincitylab.community.queries.accounts import ways_to_sign_in
from twincitylab.community.rules.refusals import Refused


@never_cache
@login_required
def me(request: HttpRequest) -> HttpResponse:
    """``/me/``: my communities, how I sign in, my settings and my data."""
    person = cast("Person", request.user)
    return render(request, "community/me.html", {"person": person, "ways": ways_to_sign_in(person)})


@never_cache
@login_required
def settings(request: HttpRequest) -> HttpResponse:
    """``/me/settings/``: name, language, time zone and how often mails come."""
    person = cast("Person", request.user)
    if request.method != "POST":
        fields = ("name", "language", "timezone", "digest")
        stored = {field: getattr(person, field) for field in fields}
        proposed = request.GET.get("timezone", "")
        if proposed in available_timezones():
            stored["timezone"] = proposed
        form = SettingsForm(initial=stored)
        return render(request, "community/settings.html", {"form": form})
    form = SettingsForm(request.POST)
    if form.is_valid():
        try:
            changed = change_wishes(by=person, wishes=form.wishes(), now=timezone.now())
        except Refused as refused:
            form.add_error(refused.field or None, refused.message)
        else:
            with translation.override(changed.language):
                messages.success(request, _("Your settings are saved."))
                tell_if_cleaned(request)
            return redirect("community:me")
    return render(request, "community/settings.html", {"form": form}, status=422)
