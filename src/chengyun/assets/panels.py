"""What floors above show on a component's page, and ask before it is retired."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest

from chengyun.assets.models import Component
from chengyun.core.declarations import Text, collect


@dataclass(frozen=True)
class ComponentPanel:
    """A block on the page of a component. `render(request, component)` gives safe HTML, or a blank for nothing.

    `uses(request, component)` says in words where the component is in use, for whoever wants to retire it.
    """

    title: Text
    render: Callable[[HttpRequest, Component], str]
    uses: Callable[[HttpRequest, Component], list[str]] = lambda request, component: []
    order: int = 100


def rendered(request: HttpRequest, component: Component) -> list[tuple[Text, str]]:
    found = [(panel.title, panel.render(request, component)) for panel in collect(ComponentPanel)]
    return [(title, content) for title, content in found if content]


def uses(request: HttpRequest, component: Component) -> list[str]:
    return [words for panel in collect(ComponentPanel) for words in panel.uses(request, component)]
