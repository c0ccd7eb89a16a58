"""The seventeen Sustainable Development Goals in our own words, by number."""

from django.utils.translation import gettext_lazy as _

GOAL_WORDS = {
    1: _("Nobody lives in poverty"),
    2: _("Nobody goes hungry"),
    3: _("Health for everybody"),
    4: _("Good learning for everybody"),
    5: _("Women and men have the same rights"),
    6: _("Clean water and toilets"),
    7: _("Clean energy that people can afford"),
    8: _("Decent work"),
    9: _("Industry and networks that last"),
    10: _("Fewer inequalities"),
    11: _("Cities that are good to live in"),
    12: _("Make and use things with care"),
    13: _("Protect the climate"),
    14: _("Living seas"),
    15: _("Living land"),
    16: _("Peace and fair institutions"),
    17: _("Working together across borders"),
}
