"""What a page offers to its reader: the links, and the forms as they would be sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Offer:
    address: str
    method: str
    # The first choice of every list, today in every day, words elsewhere: enough to come to the service.
    fields: dict[str, list[str]] = field(default_factory=dict)
    buttons: int = 0


class Page(HTMLParser):
    def __init__(self, html: str, address: str, today: str) -> None:
        super().__init__()
        self.address, self.today = address, today
        self.links: list[str] = []
        self.offers: list[Offer] = []
        self._form: Offer | None = None
        self._select = ""
        self._in_main = False
        # What stands in a disabled fieldset cannot be pressed.
        self._fieldsets: list[bool] = []
        self.feed(html)

    @property
    def forms(self) -> list[Offer]:
        """Those that change something, and have a button to say so."""
        return [each for each in self.offers if each.method == "post" and each.buttons]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        self._in_main = self._in_main or tag == "main"
        if tag == "fieldset":
            self._fieldsets.append("disabled" in has)
        if not self._in_main or "disabled" in has or any(self._fieldsets):
            return
        if tag == "a" and has.get("href", "").startswith(("/", "?")):
            self.links.append(has["href"] if has["href"].startswith("/") else self.address + has["href"])
        elif tag == "form":
            self._form = Offer(has.get("action") or self.address, has.get("method", "get"))
            self.offers.append(self._form)
        elif self._form is not None:
            self._take(self._form, tag, has)

    def _take(self, form: Offer, tag: str, has: dict[str, str]) -> None:
        name = has.get("name", "")
        if tag == "button":
            form.buttons += 1
            if name:
                form.fields.setdefault(name, [has.get("value", "")])
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and has.get("value"):
            if self._select not in form.fields or "selected" in has:
                form.fields[self._select] = [has["value"]]
        elif tag == "textarea" and name:
            form.fields.setdefault(name, ["说明"])
        elif tag == "input" and name:
            self._input(form, name, has)

    def _input(self, form: Offer, name: str, has: dict[str, str]) -> None:
        kind = has.get("type", "text")
        if kind in ("checkbox", "radio"):
            if "checked" in has or (kind == "checkbox" and name not in form.fields and name != "back"):
                form.fields.setdefault(name, []).append(has.get("value", "on"))
        elif kind != "file":
            blank = {"date": self.today, "number": "1"}.get(kind, "示例1")
            form.fields[name] = [has.get("value") or blank]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "fieldset":
            self._fieldsets.pop()
        elif tag == "select":
            self._select = ""
        elif tag == "main":
            self._in_main = False
