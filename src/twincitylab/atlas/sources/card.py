"""What a source says about itself."""

from dataclasses import dataclass

from twincitylab.atlas.choices import SourceKind


@dataclass(frozen=True)
class SourceCard:
    """Where facts come from and on what terms; stored beside the facts and shown wherever they are shown."""

    key: str
    title: str
    licence: str
    url: str
    attribution: str
    columns: tuple[str, ...]
    package: str = ""
    kind: str = SourceKind.PLACES.value
