"""Which files are taken: told from their bytes, and their names have to agree; pictures are drawn anew."""

import io
import re
import unicodedata
import warnings
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from twincitylab.base.text import clean_text
from twincitylab.community.models import LONGEST_NAME
from twincitylab.community.rules.refusals import Refused

LARGEST_FILE = 10 * 1024 * 1024
MOST_BYTES = 500 * 1024 * 1024
MOST_FILES = 2000
MOST_PIXELS = 50_000_000
MOST_PARTS = 5000
MOST_UNPACKED = 200 * 1024 * 1024
MARK_OF_ORDER = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class FileKind:
    """What a file is: its media type, and how its name ends."""

    media_type: str
    ending: str
    is_picture: bool = False


PDF = FileKind("application/pdf", "pdf")
PNG = FileKind("image/png", "png", is_picture=True)
JPEG = FileKind("image/jpeg", "jpg", is_picture=True)
WEBP = FileKind("image/webp", "webp", is_picture=True)
ODT = FileKind("application/vnd.oasis.opendocument.text", "odt")
ODS = FileKind("application/vnd.oasis.opendocument.spreadsheet", "ods")
DOCX = FileKind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx")
XLSX = FileKind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")
CSV = FileKind("text/csv", "csv")
TXT = FileKind("text/plain", "txt")
KINDS = (PDF, PNG, JPEG, WEBP, ODT, ODS, DOCX, XLSX, CSV, TXT)
KIND_BY_ENDING = {kind.ending: kind for kind in KINDS} | {"jpeg": JPEG, "jpe": JPEG, "jfif": JPEG}
ENDING = re.compile(r"\.([a-z][a-z0-9]{0,9})$")
RUN_OR_SHOWN = re.compile(r"html|svg|xml$|script|msdownload|executable|dosexec|x-sh$|java-archive|x-msi")
"""Kinds that a browser may declare and that nobody takes, whatever is in the file."""


@dataclass(frozen=True)
class FitFile:
    """A file as it is stored."""

    name: str
    kind: FileKind
    content: bytes


def fitting_file(content: bytes, *, name: str, declared: str = "") -> FitFile:
    """The file as it may be stored; ``Refused`` says what would be right. ``declared`` is the media type that
    came with it."""
    if not content:
        raise Refused(_("This file is empty."), field="file")
    if len(content) > LARGEST_FILE:
        raise too_large()
    kind = kind_of(content, name=name)
    if kind is None or not agrees(kind, name=name, declared=declared):
        raise Refused(
            _(
                "This kind of file is not taken. Taken are PDF, PNG, JPEG, WebP, ODT, DOCX, ODS, XLSX, CSV "
                "and TXT."
            )
            if kind is None or ending_of(name) not in {"", *KIND_BY_ENDING}
            else _(
                "What is in this file is not what its name says. Taken are PDF, PNG, JPEG, WebP, ODT, DOCX, "
                "ODS, XLSX, CSV and TXT."
            ),
            field="file",
        )
    if kind.is_picture:
        content = drawn_anew(content, kind=kind)
        if len(content) > LARGEST_FILE:
            raise too_large()
    return FitFile(fitting_name(name, kind=kind), kind, content)


def too_large() -> Refused:
    return Refused(
        _("This file is too large: there is room for %(most)d MB.") % {"most": LARGEST_FILE // 1024 // 1024},
        field="file",
    )


def kind_of(content: bytes, *, name: str = "") -> FileKind | None:
    """What the bytes are; the name only tells one plain text from another."""
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    if content.startswith(b"PK\x03\x04"):
        return _office_kind(content)
    if _is_text(content):
        return CSV if name.lower().endswith(".csv") else TXT
    return None


def agrees(kind: FileKind, *, name: str, declared: str = "") -> bool:
    """Whether a file is what its name says; a name without an ending says nothing.

    >>> agrees(PDF, name="Minutes.PDF"), agrees(TXT, name="a.exe"), agrees(JPEG, name="photo.png")
    (True, False, False)
    """
    ending = ending_of(name)
    is_named = not ending or KIND_BY_ENDING.get(ending) == kind
    told = declared.partition(";")[0].strip().lower()
    return is_named and (told == kind.media_type or not RUN_OR_SHOWN.search(told))


def ending_of(name: str) -> str:
    """What the name ends in, small; empty where that is no ending.

    >>> ending_of("a.b.JPeG "), ending_of("Minutes of 3. May"), ending_of("draft 1.2")
    ('jpeg', '', '')
    """
    found = ENDING.search(_seen(name).strip(". ").lower())
    return found[1] if found else ""


def drawn_anew(content: bytes, *, kind: FileKind) -> bytes:
    """The picture alone: no place, no camera, no hidden text. What would unpack to too much is refused."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=["PNG", "JPEG", "WEBP"]) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise _too_many_points()
                turned = ImageOps.exif_transpose(opened)
                opaque = kind is JPEG or not _is_see_through(turned)
                plain = turned.convert("RGB" if opaque else "RGBA")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_points() from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, MemoryError):
        raise Refused(_("This picture is damaged. Save it again and try once more."), field="file") from None
    clean = Image.frombytes(plain.mode, plain.size, plain.tobytes())
    out = io.BytesIO()
    # Quality is a matter of JPEG and WebP alone.
    clean.save(out, format={JPEG: "JPEG", WEBP: "WEBP", PNG: "PNG"}[kind], quality=88)
    return out.getvalue()


def fitting_name(name: str, *, kind: FileKind) -> str:
    """The name without a folder, with the ending of what the file is.

    >>> fitting_name("../../photo.exe", kind=PNG), fitting_name("", kind=PDF)
    ('photo.png', 'file.pdf')
    """
    seen = _seen(name)
    stem = clean_text(seen.rpartition(".")[0] or seen, longest=10_000, one_line=True).strip(". ")
    return f"{stem[: LONGEST_NAME - 6].strip('. ') or 'file'}.{kind.ending}"


def _seen(name: str) -> str:
    bare = PurePosixPath(name.replace("\\", "/")).name
    return "".join(letter for letter in bare if unicodedata.category(letter) not in {"Cc", "Cf", "Cs"})


def _too_many_points() -> Refused:
    return Refused(
        _("This picture has too many points: there is room for %(most)d million.")
        % {"most": MOST_PIXELS // 1_000_000},
        field="file",
    )


def _is_see_through(image: object) -> bool:
    mode, info = getattr(image, "mode", ""), getattr(image, "info", {})
    return mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in info


def _office_kind(content: bytes) -> FileKind | None:
    """A document in a ZIP, told by what lies in it; documents that carry programs are not taken."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            infos = parts.infolist()
            names = {info.filename for info in infos}
            if len(infos) > MOST_PARTS or sum(info.file_size for info in infos) > MOST_UNPACKED:
                return None
            if any(name.lower().endswith("vbaproject.bin") or name.startswith("Basic/") for name in names):
                return None
            if "mimetype" in names and parts.getinfo("mimetype").file_size < 200:
                told = parts.read("mimetype").decode("ascii", "replace").strip()
                return next((kind for kind in (ODT, ODS) if kind.media_type == told), None)
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError):
        return None
    if "[Content_Types].xml" not in names:
        return None
    if "word/document.xml" in names:
        return DOCX
    return XLSX if "xl/workbook.xml" in names else None


def _is_text(content: bytes) -> bool:
    for code in (
        ("utf-8-sig", "utf-16") if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig", "cp1252")
    ):
        try:
            text = content.decode(code)
        except UnicodeDecodeError:
            continue
        return not any(
            unicodedata.category(letter) == "Cc" and letter not in "\t\n\r\f" for letter in set(text)
        )
    return False
