"""The office's template as a program that can do nothing but what `vocabulary` offers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from jinja2 import nodes

from chengyun.core.errors import UserError
from chengyun.insight.reports import vocabulary
from chengyun.insight.reports.vocabulary import FUNCTIONS, Ref, TableRef, TextRef
from chengyun.insight.word.sandbox import Named

NAMES = frozenset({*FUNCTIONS, "report"})


@dataclass
class Called:
    """What the parts of one template refer to."""

    refs: list[Ref] = field(default_factory=list)

    def of(self, kind: type[Any]) -> list[Any]:
        return list(dict.fromkeys(ref for ref in self.refs if isinstance(ref, kind)))

    @property
    def texts(self) -> list[TextRef]:
        """The text blocks, once each; the first title counts."""
        first: dict[str, TextRef] = {}
        for ref in self.of(TextRef):
            first.setdefault(ref.key, ref)
        return list(first.values())


class Reporting(Named):
    """One for each rendering; it notes every call that the template's parts make."""

    functions = frozenset(FUNCTIONS)

    def __init__(self) -> None:
        super().__init__(NAMES)
        self.called = Called()

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for wanted in tree.find_all(nodes.Getattr):
            if isinstance(wanted.node, nodes.Name) and wanted.node.name == "report":
                _check_fact(wanted.attr)
        for call in tree.find_all(nodes.Call):
            self.called.refs.append(_ref(call))
        self._check_amount()
        return tree

    def _check_amount(self) -> None:
        if len(self.called.refs) > vocabulary.MOST_CALLS or len(self.called.of(TableRef)) > vocabulary.MOST_TABLES:
            raise UserError(
                _("模板里的引用太多：最多 %(calls)d 处，其中表 %(tables)d 张")
                % {"calls": vocabulary.MOST_CALLS, "tables": vocabulary.MOST_TABLES}
            )


def _check_fact(name: str) -> None:
    if name not in vocabulary.FACTS:
        raise UserError(
            _("模板里的 report.%(name)s 不认得，可用的有：%(known)s")
            % {"name": name[:40], "known": "、".join(vocabulary.FACTS)}
        )


def _ref(call: nodes.Call) -> Ref:
    assert isinstance(call.node, nodes.Name)  # the sandbox lets nothing else through
    arguments = tuple(node.as_const() for node in call.args)
    return vocabulary.read(call.node.name, arguments, {pair.key: pair.value.as_const() for pair in call.kwargs})
