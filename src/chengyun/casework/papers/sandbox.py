"""What an office may write into its own template: names, conditions, loops over what there is. Nothing that computes.

Jinja's sandbox keeps a template from the program behind it, not from growing a text to a gigabyte or going round for
ever. So calls, macros, assignments and products are refused, and all loops of one document share a budget.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _
from jinja2 import TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError
from jinja2.filters import do_round
from jinja2.sandbox import SandboxedEnvironment

FILTERS = ("d", "default", "e", "escape", "first", "last", "length", "lower", "string", "trim", "upper")
REFUSED = (
    nodes.Assign, nodes.AssignBlock, nodes.Call, nodes.CallBlock, nodes.Extends, nodes.FromImport, nodes.Import,
    nodes.Include, nodes.Macro, nodes.Mod, nodes.Mul, nodes.Pow,
)  # fmt: skip
# A power of ten of a million digits keeps a process busy for seconds.
DECIMALS = range(7)
# Fifty orders of some dozen pictures are far below.
MOST_ROUNDS = 20_000


class WordsOnly(SandboxedEnvironment):
    """One for each document: it counts the rounds of its loops."""

    # What a template may call all the same, by name and with constants alone.
    functions: frozenset[str] = frozenset()
    most_rounds = MOST_ROUNDS

    def __init__(self) -> None:
        super().__init__(autoescape=True)
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in FILTERS}
        self.filters |= {"counted": self._counted, "round": _rounded}
        self.rounds = 0

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for node in tree.find_all(REFUSED):
            if self._is_offered(node):
                continue
            if isinstance(node, nodes.Call) and (unknown := self._unknown_function(node)):
                raise TemplateSyntaxError(_("没有函数“%s”") % unknown[:40], node.lineno, name, filename)
            raise TemplateSyntaxError(_("模板里只能写占位符、条件和循环"), node.lineno, name, filename)
        for loop in tree.find_all(nodes.For):
            if loop.recursive:
                raise TemplateSyntaxError(_("模板里只能写占位符、条件和循环"), loop.lineno, name, filename)
            loop.iter = nodes.Filter(loop.iter, "counted", [], [], None, None, lineno=loop.lineno)
        return tree

    def _is_offered(self, node: nodes.Node) -> bool:
        if not isinstance(node, nodes.Call) or not isinstance(node.node, nodes.Name):
            return False
        given = [*node.args, *(pair.value for pair in node.kwargs)]
        plain = all(isinstance(each, nodes.Const) for each in given) and not (node.dyn_args or node.dyn_kwargs)
        return node.node.name in self.functions and plain

    def _unknown_function(self, call: nodes.Call) -> str:
        named = call.node.name if isinstance(call.node, nodes.Name) else ""
        return "" if named in self.functions else named

    def _counted(self, values: Iterable[Any]) -> Iterator[Any]:
        for value in values:
            self.rounds += 1
            if self.rounds > self.most_rounds:
                raise SecurityError(_("模板里的循环太多"))
            yield value


def _rounded(value: float, precision: int = 0, method: Any = "common") -> float:
    if precision not in DECIMALS:
        raise SecurityError(
            _("round 的小数位数应是 %(least)d 到 %(most)d") % {"least": DECIMALS[0], "most": DECIMALS[-1]}
        )
    return do_round(value, precision, method)
