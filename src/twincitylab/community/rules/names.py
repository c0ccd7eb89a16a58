"""Names of people and communities stand in mails to strangers: they hold words, and no web address."""

import re

from django.utils.translation import gettext as _

from twincitylab.community.models import LONGEST_NAME
from twincitylab.community.rules.refusals import Refused, fitting_text

# Endings that mail programs turn into links, and that no sentence runs into by chance.
_ENDINGS = (
    "com|org|net|info|biz|io|co|app|dev|xyz|top|site|online|shop|store|click|link|live|club|pro|me|ly|to|gg|eu|de|at|"
    "ch|fr|es|it|pt|nl|be|uk|us|ca|au|nz|ru|ua|pl|cz|se|no|fi|dk|gr|tr|cn|jp|kr|in|br|mx|ar|za|ng|ke|eg|tk|ml|cf|gq|cc"
)
_ADDRESS = re.compile(rf"://|\bwww\.|[\w-]{{2,}}\.(?:{_ENDINGS})(?![\w-])", re.IGNORECASE)


def fitting_name(text: str, *, field: str = "") -> str:
    """A name, cleaned; ``Refused`` when it is too long or holds the address of a website."""
    clean = fitting_text(text, longest=LONGEST_NAME, field=field)
    if holds_address(clean):
        raise Refused(no_address_sentence(), field=field)
    return clean


def holds_address(text: str) -> bool:
    """Whether a mail program would make a link of some of it."""
    return bool(_ADDRESS.search(text))


def no_address_sentence() -> str:
    return _("Leave the web address out: a name has room for words only.")
