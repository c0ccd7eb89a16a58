"""What has to be passed on when somebody leaves. Passwords never stand in it: they stay out of every list."""

from django.utils.translation import gettext_lazy as _

CHECKLIST = {
    "contacts": _("Contacts: who is who on the other side, and how to reach them"),
    "introductions": _("Introductions: the other side has met whoever follows"),
    "activities": _("Open activities: what is planned, and what was promised"),
    "agreement": _("The agreement: what it says, and when it is looked at again"),
    "calendar": _("The calendar: the next meetings stand in it"),
    "papers": _("Papers: notes and files lie here, not on one person’s computer"),
    "money": _("Money: what is promised, what is paid, and who signs"),
    "access": _("Access: whoever follows has an own account; passwords are never passed on"),
}
