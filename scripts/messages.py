"""The English catalogue, in pure Python: `python scripts/messages.py update | compile | missing`.

update   takes every marked string of the Python files and templates into django.po, keeps what is translated
compile  writes django.mo, which is committed so that an installation needs no tool
missing  prints what has no English yet, one string per line
"""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "chengyun"
PO = PACKAGE / "locale" / "en" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
SKIPPED = ("/tests/", "/migrations/", "/static/", "/locale/")
KEYWORDS = {
    "_": None,
    "_lazy": None,
    "T": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
HEADER = "# English for Chengyun. The strings come from `python scripts/messages.py update`."
# A constant moment: the file changes when its strings do.
MOMENT = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)


def sources() -> Iterator[Path]:
    for file in sorted(PACKAGE.rglob("*")):
        if file.suffix in (".py", ".html", ".txt") and not any(part in file.as_posix() for part in SKIPPED):
            yield file


def as_python(template: str) -> str:
    """Django's own reading of a template: its marked strings as calls, everything else as X."""
    from django.utils.translation.template import templatize

    return "\n".join(re.findall(r"(?:n?p?gettext)\(.*\)", templatize(template).replace(" gettext(", "\ngettext(")))


def strings_of(file: Path) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    text = file.read_text(encoding="utf-8")
    code = text if file.suffix == ".py" else as_python(text)
    for _line, message, _comments, context in extract("python", io.BytesIO(code.encode()), KEYWORDS):
        yield message, context


def template_catalogue() -> Catalog:
    """Every marked string, with the files it stands in (without line numbers, which change all the time)."""
    catalogue = new_catalogue()
    for file in sources():
        place = (file.relative_to(PACKAGE).as_posix(), None)
        for message, context in strings_of(file):
            catalogue.add(message, locations=[place], context=context)
    return catalogue


def new_catalogue() -> Catalog:
    return Catalog(locale="en", project="Chengyun", version="0", header_comment=HEADER, fuzzy=False)


def english() -> Catalog:
    if not PO.exists():
        return new_catalogue()
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def updated() -> Catalog:
    catalogue = english()
    catalogue.update(template_catalogue(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.header_comment = HEADER
    catalogue.creation_date = catalogue.revision_date = MOMENT
    catalogue.last_translator = catalogue.language_team = catalogue.msgid_bugs_address = "Chengyun"
    return catalogue


def as_po(catalogue: Catalog) -> bytes:
    out = io.BytesIO()
    write_po(out, catalogue, width=110, sort_output=True, omit_header=False, include_lineno=False, ignore_obsolete=True)
    return out.getvalue()


def as_mo(catalogue: Catalog) -> bytes:
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def untranslated(catalogue: Catalog) -> list[Message]:
    def is_said(message: Message) -> bool:
        forms = message.string if isinstance(message.string, (list, tuple)) else [message.string]
        return bool(forms) and all(forms)

    return [message for message in catalogue if message.id and not is_said(message)]


def main(verb: str) -> None:
    catalogue = updated()
    if verb == "update":
        PO.parent.mkdir(parents=True, exist_ok=True)
        PO.write_bytes(as_po(catalogue))
        print(f"{len(catalogue)} strings, {len(untranslated(catalogue))} without English")
    elif verb == "compile":
        MO.write_bytes(as_mo(english()))
    elif verb == "missing":
        for message in untranslated(catalogue):
            print(message.id)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chengyun.config.test_settings")
    main(sys.argv[1] if len(sys.argv) > 1 else "")
