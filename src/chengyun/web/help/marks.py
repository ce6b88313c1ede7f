"""The part of Markdown that the handbooks are written in: headings, lists, tables, code, pictures, links."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape

# What an address in a book becomes; blank: the words stay, without a link.
Address = Callable[[str], str]

INLINE = re.compile(r"`([^`]+)`|\*\*([^*]+)\*\*|(!?)\[([^\]]*)\]\(([^)\s]+)\)")
ITEM = re.compile(r"(?:- |(\d+)\. )(.*)")
RULE = re.compile(r"\|[\s:|-]+\|?$")


@dataclass
class Page:
    title: str = ""
    html: str = ""
    # (anchor, words) of the sections.
    contents: list[tuple[str, str]] = field(default_factory=list)


def page_of(text: str, address: Address) -> Page:
    page, blocks = Page(), []
    for block in _blocks(text):
        blocks.append(_html(block, page, address))
    page.html = "\n".join(blocks)
    return page


def _blocks(text: str) -> Iterator[list[str]]:
    """Lines that stand together; a fence holds its blank lines."""
    block: list[str] = []
    in_fence = False
    for line in [*text.splitlines(), ""]:
        in_fence ^= line.startswith("```")
        if line.strip() or in_fence:
            block.append(line)
        elif block:
            yield block
            block = []


def _html(block: list[str], page: Page, address: Address) -> str:
    first = block[0]
    if first.startswith("#"):
        return _heading(first, page) + (_html(block[1:], page, address) if block[1:] else "")
    if first.startswith("```"):
        return f"<pre>{escape(chr(10).join(block[1:-1]))}</pre>"
    if first.startswith("    "):
        return f"<pre>{escape(chr(10).join(line[4:] for line in block))}</pre>"
    if first.startswith("|"):
        return _table(block, address)
    if ITEM.match(first):
        return _list(block, address)
    return f"<p>{_inline(''.join(line.strip() for line in block), address)}</p>"


def _heading(line: str, page: Page) -> str:
    marks, words = line.split(" ", 1)
    level = len(marks)
    if level == 1:
        page.title = words.strip()
        return ""
    anchor = f"s{len(page.contents) + 1}"
    if level == 2:
        page.contents.append((anchor, words.strip()))
        return f'<h2 id="{anchor}">{escape(words.strip())}</h2>'
    return f"<h3>{escape(words.strip())}</h3>"


def _list(block: list[str], address: Address) -> str:
    items: list[str] = []
    for line in block:
        found = ITEM.match(line)
        if found:
            items.append(found[2])
        else:
            items[-1] += line.strip()
    number = ITEM.match(block[0])
    tag, start = ("ol", f' start="{number[1]}"') if number and number[1] else ("ul", "")
    inner = "".join(f"<li>{_inline(item, address)}</li>" for item in items)
    return f"<{tag}{start}>{inner}</{tag}>"


def _table(block: list[str], address: Address) -> str:
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in block if not RULE.match(line)]
    head = "".join(f'<th scope="col">{_inline(cell, address)}</th>' for cell in rows[0])
    body = "".join(f"<tr>{''.join(f'<td>{_inline(cell, address)}</td>' for cell in row)}</tr>" for row in rows[1:])
    table = f'<table class="table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    return f'<div class="table-wrap">{table}</div>'


def _inline(text: str, address: Address) -> str:
    made, at = [], 0
    for found in INLINE.finditer(text):
        made += [escape(text[at : found.start()]), _mark(found, address)]
        at = found.end()
    return "".join([*made, escape(text[at:])])


def _mark(found: re.Match[str], address: Address) -> str:
    code, strong, is_picture, words, target = found.groups()
    if code is not None:
        return f"<code>{escape(code)}</code>"
    if strong is not None:
        return f"<strong>{escape(strong)}</strong>"
    place = escape(address(target))
    if is_picture:
        return f'<img src="{place}" alt="{escape(words)}" loading="lazy">' if place else escape(words)
    return f'<a href="{place}">{escape(words)}</a>' if place else escape(words)
