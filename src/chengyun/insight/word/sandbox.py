"""A template as a program that knows a few names and nothing else."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.utils.translation import gettext as _
from jinja2 import ChainableUndefined, StrictUndefined, meta, nodes

from chengyun.casework.papers.sandbox import MOST_ROUNDS, WordsOnly
from chengyun.core.errors import UserError

# Of the loop that one stands in.
LOOP: Final = frozenset({"first", "index", "last", "length"})


class Named(WordsOnly):
    """Refuses, by its name, what there is not, wherever in the template it stands."""

    def __init__(self, names: Collection[str]) -> None:
        super().__init__()
        self.names = frozenset(names)
        self.undefined = StrictUndefined

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        if unknown := sorted(meta.find_undeclared_variables(tree) - self.names):
            raise _unknown(unknown[0])
        return tree


class _Missing(StrictUndefined):
    """A field of something else."""

    @property
    def _undefined_message(self) -> str:
        return _("这里没有“%s”") % self._undefined_name


class Fielded(Named):
    """Names and the fields of what they name; it notes which names are used.

    Written into a paper in earnest (`strict` is off), what is missing is a blank: a paper that is due comes out.
    """

    functions = frozenset({"nth"})

    def __init__(
        self, names: Collection[str], fields: Collection[str], *, rounds: int = MOST_ROUNDS, strict: bool = False
    ) -> None:
        super().__init__({*names, *self.functions})
        self.fields = LOOP.union(fields)
        self.undefined = _Missing if strict else ChainableUndefined
        self.most_rounds = rounds
        self.used: set[str] = set()

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        self.used |= meta.find_undeclared_variables(tree)
        for wanted in tree.find_all(nodes.Getattr):
            self._check(wanted.attr, wanted)
        for item in tree.find_all(nodes.Getitem):
            if isinstance(item.arg, nodes.Const) and isinstance(item.arg.value, str):
                self._check(item.arg.value, item)
        return tree

    def _check(self, field: str, wanted: nodes.Getattr | nodes.Getitem) -> None:
        if field not in self.fields:
            of = f"{wanted.node.name}." if isinstance(wanted.node, nodes.Name) else ""
            raise _unknown(f"{of}{field}")


def _unknown(name: str) -> UserError:
    return UserError(_("模板里的“%s”不认得；可用的写法见模板页") % name[:40])
