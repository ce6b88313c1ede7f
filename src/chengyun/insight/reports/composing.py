"""A report put together once: template, figures, corrections and texts → one document, from which page, Word and PDF
are made. A figure stands in it as a token until the end, so that all three show the same, each in its own way."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _
from docx import Document
from docx.oxml.ns import qn

from chengyun.core.printable import printable
from chengyun.insight.reports import aims, words
from chengyun.insight.reports.models import Correction
from chengyun.insight.reports.sandbox import Called, Reporting
from chengyun.insight.reports.vocabulary import (
    FACTS,
    FUNCTIONS,
    ChangeRef,
    DeviationRef,
    FigureRef,
    Ref,
    TableRef,
    TargetRef,
    TargetsRef,
    TextRef,
    read,
)
from chengyun.insight.word.filling import Headings, filled_in

# Characters that nobody writes: the place of the nth figure is <OPEN>n<CLOSE>.
OPEN, CLOSE = "\ue000", "\ue001"
TOKEN: Final = re.compile(f"{OPEN}(\\d+){CLOSE}")
_STRAY: Final = re.compile(f"[{OPEN}{CLOSE}]")
_NAMED: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Piece:
    """A figure where it stands: as written, which figures it is made of, the numbers of their corrections."""

    text: str
    refs: tuple[str, ...]
    marks: tuple[int, ...] = ()

    @property
    def marked(self) -> str:
        return self.text + "".join(words.mark(number) for number in self.marks)


@dataclass(frozen=True)
class Matter:
    """All that goes into a report beside its template."""

    report: Mapping[str, str]
    facts: Mapping[str, Any]
    texts: Mapping[str, str] = field(default_factory=dict)
    corrections: Sequence[Correction] = ()


@dataclass(frozen=True)
class Composed:
    document: Any  # docx.Document with tokens
    pieces: Sequence[Piece]

    def split(self, text: str) -> list[str | Piece]:
        """Words and figures in turn; a token that the template brought along is nothing."""
        parts: list[str | Piece] = []
        for place, part in enumerate(TOKEN.split(text)):
            if place % 2 == 0:
                parts += [plain] if (plain := _STRAY.sub("", part)) else []
            elif int(part) < len(self.pieces):
                parts.append(self.pieces[int(part)])
        return parts

    def word(self) -> bytes:
        """The document with its figures as text. Composed is used up by it."""
        for part in self.document.part.package.iter_parts():
            element = getattr(part, "element", None)
            for text in element.iter(qn("w:t")) if element is not None else ():
                if text.text and (OPEN in text.text or CLOSE in text.text):
                    shown = self.split(text.text)
                    text.text = "".join(each if isinstance(each, str) else each.marked for each in shown)
        out = io.BytesIO()
        self.document.save(out)
        return out.getvalue()


class _Writing:
    """What the template's calls are answered with."""

    def __init__(self, matter: Matter) -> None:
        self.matter = matter
        self.corrected = {each.ref: (number, each.new) for number, each in enumerate(matter.corrections, 1)}
        self.pieces: list[Piece] = []

    def context(self) -> dict[str, Any]:
        def function(name: str) -> Any:
            return lambda *given, **named: self.answer(read(name, given, named))

        report = {name: clean(self.matter.report.get(name, "")) for name in FACTS}
        return (
            {"report": report} | {name: function(name) for name in FUNCTIONS if name != "nth"} | {"nth": Headings().nth}
        )

    def answer(self, ref: Ref) -> Any:
        match ref:
            case DeviationRef():
                return self.deviation(str(ref), ref.ref)
            case TargetRef():
                return self.figure(ref.ref)
            case TargetsRef():
                return [self.target(row) for row in self.matter.facts.get("targets", {}).get(str(ref), ())]
            case FigureRef():
                return self.figure(str(ref))
            case ChangeRef():
                return self.change(*map(str, ref.figures()))
            case TableRef():
                return [self.row(row) for row in self.matter.facts["tables"].get(str(ref), ())]
            case TextRef():
                return text_lines(self.matter.texts.get(ref.key, "")) or text_lines(ref.blank)
            case _:
                return [self.section(each) for each in self.matter.facts["sections"]]

    def figure(self, ref: str) -> str:
        fact = self.matter.facts["figures"].get(ref)
        return self.piece(words.written(fact, self.value(ref)), ref) if fact else words.NONE

    def change(self, now: str, before: str) -> str:
        fact = self.matter.facts["figures"].get(now)
        return (
            self.piece(words.compared(fact, self.value(now), self.value(before)), now, before) if fact else words.NONE
        )

    def row(self, row: Mapping[str, Any]) -> dict[str, str]:
        return {column: self.figure(ref) for column, ref in row["refs"].items()} | {"name": clean(row["name"])}

    def deviation(self, actual: str, target: str) -> str:
        fact = self.matter.facts["figures"].get(target)
        if fact is None:
            return words.NONE
        by = aims.deviation(fact, self.value(target), self.value(actual))
        return self.piece(words.deviation(fact, by), actual, target)

    def target(self, row: Mapping[str, Any]) -> dict[str, str]:
        """A row of `targets()`; one that is only tried has no figures."""
        target, actual = row["refs"]["target"], row["refs"]["actual"]
        fact = self.matter.facts["figures"].get(target)
        told = {name: clean(row[name]) for name in ("name", "subject", "span", "unit")}
        told |= {"target": self.figure(target), "actual": self.figure(actual)}
        told["deviation"] = self.deviation(actual, target)
        told["sign"] = aims.sign(fact) if fact else ""
        told["state"] = aims.state(fact, self.value(target), self.value(actual)) if fact else ""
        return told

    def section(self, section: Mapping[str, Any]) -> dict[str, Any]:
        def named(found: re.Match[str]) -> str:
            return self.figure(f"@{section['key']}|{found[1]}")

        lines = [_NAMED.sub(named, clean(line)) for line in section["lines"]]
        return {"title": clean(section["title"]), "lines": lines}

    def value(self, ref: str) -> float | None:
        if ref in self.corrected:
            return self.corrected[ref][1]
        fact = self.matter.facts["figures"].get(ref)
        return fact["value"] if fact else None

    def piece(self, text: str, *refs: str) -> str:
        known = tuple(ref for ref in refs if ref in self.matter.facts["figures"])
        marks = tuple(self.corrected[ref][0] for ref in known if ref in self.corrected)
        self.pieces.append(Piece(text, known, marks))
        return f"{OPEN}{len(self.pieces) - 1}{CLOSE}"


def clean(text: str) -> str:
    return _STRAY.sub("", printable(str(text)))


def text_lines(text: str) -> list[str]:
    return [line.strip() for line in clean(text).splitlines() if line.strip()]


def composed(template: bytes, matter: Matter) -> Composed:
    """Raises what a template raises that is no template; one that was uploaded was tried before."""
    writing = _Writing(matter)
    content, _called = _rendered(template, writing.context())
    document = Document(io.BytesIO(content))
    _tell_corrections(document, matter)
    return Composed(document, writing.pieces)


def called_by(template: bytes) -> Called:
    """What a template refers to: rendered with nothing in it."""
    nothing = Matter(
        {},
        {
            "figures": {},
            "tables": _Blank(),
            "targets": _Aimless(),
            "sections": [{"key": "", "title": "", "lines": [""]}],
        },
    )
    return _rendered(template, _Writing(nothing).context())[1]


class _Blank(dict[str, Any]):
    """One row of dashes for each table, so that its columns are tried too."""

    def get(self, key: str, default: Any = None) -> Any:
        columns = key.partition("|")[0].split(",")
        return [{"name": "", "refs": {column.strip(): "" for column in columns}}]


class _Aimless(dict[str, Any]):
    """One row for each list of targets."""

    def get(self, key: str, default: Any = None) -> Any:
        return aims.BLANK


def _rendered(template: bytes, context: Mapping[str, Any]) -> tuple[bytes, Called]:
    sandbox = Reporting()
    return filled_in(template, context, sandbox), sandbox.called


def _tell_corrections(document: Any, matter: Matter) -> None:
    """At the end, whatever the template: which figures are given by hand."""
    if not matter.corrections:
        return
    document.add_paragraph().add_run(_("附：手工更正的数据")).bold = True
    for line in correction_lines(matter.corrections, matter.facts["figures"]):
        document.add_paragraph(clean(line))


def correction_lines(corrections: Iterable[Correction], figures: Mapping[str, Any]) -> list[str]:
    plain = {"share": False}
    return [
        _("%(mark)s %(what)s：%(old)s 更正为 %(new)s（%(who)s，%(day)s）。理由：%(why)s")
        % {
            "mark": words.mark(number),
            "what": each.title,
            "old": words.written(figures.get(each.ref, plain), each.old),
            "new": words.written(figures.get(each.ref, plain), each.new),
            "who": each.by_name,
            "day": f"{each.at:%Y-%m-%d}",
            "why": each.reason,
        }
        for number, each in enumerate(corrections, 1)
    ]
