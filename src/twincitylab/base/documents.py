"""Documents as PDF, typeset by the embedded typst: no browser, no LaTeX, nothing from the net."""

import json
from typing import Any


def render_pdf(template: str, data: Any) -> bytes:
    """A PDF of a typst template, which reads ``data`` with ``json(bytes(sys.inputs.data))``.

    What people wrote comes only in ``data``, so that none of it is ever read as typst.
    """
    import typst  # loaded only where a document is made: it brings its own fonts and compiler

    made = typst.compile(template.encode(), sys_inputs={"data": json.dumps(data, ensure_ascii=False)})
    if not isinstance(made, bytes):
        message = "One document is asked for, not one file for each page."
        raise TypeError(message)
    return made
