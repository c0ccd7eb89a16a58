"""What the pages of introductions and partnerships ask for."""

from twincitylab.partnerships.forms.introductions import (
    KEY_AGAIN,
    DeclineForm,
    DigestForm,
    NoteForm,
    ProposalForm,
    TextField,
    WritingForm,
    new_key,
    writing_language,
)

__all__ = [
    "KEY_AGAIN",
    "DeclineForm",
    "DigestForm",
    "NoteForm",
    "ProposalForm",
    "TextField",
    "WritingForm",
    "new_key",
    "writing_language",
]
