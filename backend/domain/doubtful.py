"""A list of words that make somebody look at a text. It never refuses anything: whoever is angry may say so.

Matching folds what hides a word: full-width and compatibility forms (NFKC), case, white space, and the signs people put
between characters (加-微.信). The list is data for an office to edit: `doubtful.toml` beside this module.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("doubtful.toml")
SHORTEST = 2
"""A single character stands in half of all texts."""


class WordsInvalid(ValueError):
    """The list cannot be used; the text is one line and names the kind or the word."""


@dataclass(frozen=True, slots=True)
class WordList:
    """Folded words by the kind they belong to."""

    words: tuple[tuple[str, str], ...]

    def kinds_in(self, text: str) -> frozenset[str]:
        """Which kinds of doubtful words stand in the text; none for nearly every text."""
        folded = fold(text)
        return frozenset(kind for kind, word in self.words if word in folded)


def fold(text: str) -> str:
    """The text as words are looked for in it: only letters, digits and Chinese characters, in one form."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in plain if unicodedata.category(char)[0] in "LN")


def read_words(text: str) -> WordList:
    """A list from TOML: `kind = ["word", …]`. Raises WordsInvalid."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WordsInvalid(f"doubtful.toml: {error}") from None
    return WordList(tuple((kind, word) for kind, words in data.items() for word in _folded(kind, words)))


@cache
def load_words() -> WordList:
    """The list in force. Raises WordsInvalid."""
    return read_words(FILE.read_text("utf-8"))


def _folded(kind: str, words: object) -> Iterable[str]:
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise WordsInvalid(f"doubtful.toml: {kind} 要是一列词语")
    for word in words:
        folded = fold(word)
        if len(folded) < SHORTEST:
            raise WordsInvalid(f"doubtful.toml: {kind} 里的“{word}”太短")
        yield folded
