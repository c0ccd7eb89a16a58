"""Everything that changes the atlas."""

from twincitylab.atlas.operations.corrections import (
    TwinningFacts,
    WrongFact,
    check_facts,
    correct_twinning,
    facts_of_twinning,
)
from twincitylab.atlas.operations.load import LoadReport, UnknownLevel, load_atlas
from twincitylab.atlas.operations.twinnings import ImportReport, RefusedLine, import_twinnings
from twincitylab.atlas.sources import LEVELS, FileProblem

__all__ = [
    "LEVELS",
    "FileProblem",
    "ImportReport",
    "LoadReport",
    "RefusedLine",
    "TwinningFacts",
    "UnknownLevel",
    "WrongFact",
    "check_facts",
    "correct_twinning",
    "facts_of_twinning",
    "import_twinnings",
    "load_atlas",
]
