"""What can go wrong with knowledge: an id that nobody knows, a data file that does not hold."""

from __future__ import annotations

from collections.abc import Iterable


class UnknownId(KeyError):
    """An id that does not exist, with the ids that come nearest to it.

    Attributes
    ----------
    asked : str
        What was asked for.
    near : tuple of str
        The nearest ids that exist, the nearest first; empty where none comes near.
    """

    def __init__(self, message: str, asked: str = "", near: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.asked = asked
        self.near = near

    def __str__(self) -> str:
        # A KeyError shows its message in quotes and with escapes; this one is to be read.
        return str(self.args[0])

    @classmethod
    def nearest(
        cls, asked: object, known: Iterable[str], kind: str = "item", listing: str = ""
    ) -> UnknownId:
        """Return the error for an id that is not among the known ones.

        Parameters
        ----------
        asked : object
            What was asked for.
        known : iterable of str
            The ids that exist.
        kind : str
            What the ids belong to, such as ``"fact"``.
        listing : str
            The call that lists them all, such as ``"facts()"``.
        """
        from difflib import get_close_matches

        by_lower = {one.lower(): one for one in known}
        close = get_close_matches(str(asked).lower(), by_lower, n=3, cutoff=0.5)
        near = tuple(by_lower[one] for one in close)
        message = f"There is no {kind} {asked!r}."
        if near:
            message += f" Nearest: {', '.join(near)}."
        if listing:
            message += f" {listing} lists all {len(by_lower)}."
        return cls(message, str(asked), near)


class KnowledgeError(ValueError):
    """A data file that does not hold: which file, which entry, what is wrong, what to do.

    Attributes
    ----------
    file : str
        Path inside the data folder, such as ``"facts/vesicles.toml"``.
    entry : str
        Id of the entry, or where in the file it stands.
    """

    def __init__(self, file: str, entry: str, problem: str, remedy: str) -> None:
        stop = "" if remedy.endswith("?") else "."
        super().__init__(f"{file}, {entry}: {problem}. {remedy}{stop}")
        self.file = file
        self.entry = entry
