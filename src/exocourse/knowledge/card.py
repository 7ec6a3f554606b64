"""How facts, references and claims show themselves: as words, as Markdown and as HTML.

Each says what it has to say once, as a `Card`; the three renderings are made here, so that they
cannot differ, and so that escaping happens in one place.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Link:
    """A link that says where it goes."""

    text: str
    url: str


@dataclass(frozen=True)
class Row:
    """A term, and one or more lines on it; each line is made of words and links.

    An empty term leaves only the lines.
    """

    term: str
    lines: tuple[tuple[str | Link, ...], ...]


@dataclass(frozen=True)
class Card:
    """A title and its rows."""

    title: str
    rows: tuple[Row, ...]

    def plain(self) -> str:
        """Return the card as text; a link shows its address."""

        def line(pieces: tuple[str | Link, ...]) -> str:
            return "".join(
                piece
                if isinstance(piece, str)
                else piece.url
                if piece.text == piece.url
                else f"{piece.text} <{piece.url}>"
                for piece in pieces
            )

        def rows() -> Iterator[str]:
            for row in self.rows:
                if row.term and len(row.lines) == 1:
                    yield f"  {row.term}: {line(row.lines[0])}"
                    continue
                if row.term:
                    yield f"  {row.term}:"
                for pieces in row.lines:
                    yield f"  - {line(pieces)}"

        return "\n".join([self.title, *rows()])

    def markdown(self) -> str:
        """Return the card as Markdown."""

        def line(pieces: tuple[str | Link, ...]) -> str:
            return "".join(
                f"[{escape_markdown(piece.text)}]({piece.url})"
                if isinstance(piece, Link)
                else escape_markdown(piece)
                for piece in pieces
            )

        def rows() -> Iterator[str]:
            for row in self.rows:
                term = f"*{escape_markdown(row.term)}*:"
                if row.term and len(row.lines) == 1:
                    yield f"- {term} {line(row.lines[0])}"
                    continue
                if row.term:
                    yield f"- {term}"
                indent = "    " if row.term else ""
                for pieces in row.lines:
                    yield f"{indent}- {line(pieces)}"

        return "\n".join([f"**{escape_markdown(self.title)}**", "", *rows()])

    def html(self) -> str:
        """Return the card as HTML: a title and a list, with nothing that needs a style sheet."""

        def line(pieces: tuple[str | Link, ...]) -> str:
            return "".join(
                f'<a href="{html.escape(piece.url)}">{html.escape(piece.text)}</a>'
                if isinstance(piece, Link)
                else html.escape(piece)
                for piece in pieces
            )

        def rows() -> Iterator[str]:
            for row in self.rows:
                items = [f"<li>{line(pieces)}</li>" for pieces in row.lines]
                term = f"<em>{html.escape(row.term)}</em>:"
                if not row.term:
                    yield "".join(items)
                elif len(row.lines) == 1:
                    yield f"<li>{term} {line(row.lines[0])}</li>"
                else:
                    yield f"<li>{term}<ul>{''.join(items)}</ul></li>"

        return f"<p><strong>{html.escape(self.title)}</strong></p><ul>{''.join(rows())}</ul>"


class Shown:
    """Something that shows itself as its card: in a notebook, in a terminal, on a page."""

    def card(self) -> Card:
        """Return what is to be shown."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return self.card().plain()

    def _repr_markdown_(self) -> str:
        return self.card().markdown()

    def _repr_html_(self) -> str:
        return self.card().html()


def escape_markdown(text: str) -> str:
    r"""Return a text that Markdown shows as it stands (``*`` becomes ``\*``, ``<`` ``&lt;``)."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # The dollar would start a formula in a notebook, the tilde strikes through on some pages.
    return re.sub(r"([\\`*_\[\]#|$~])", r"\\\1", text)


def row(term: str, *pieces: str | Link) -> Row:
    """Return a row with one line."""
    return Row(term, (pieces,))
