"""Pages made at random: every word and number of the text stands on the page, in its order, and digits never join."""

import random
import re

import pytest

from sources.formats import extract

_WORDS = "kites clerks harbour yard wind meadow ferry lantern copper barley".split()


class _PageMaker:
    """Makes an article; `visible` are the words and numbers that a reader sees, in their order."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.visible: list[str] = []
        self.number = 1000

    def word(self) -> str:
        self.number += 1
        word = self.random.choice(_WORDS) + "abcdefghijklmnopqrstuvwxyz"[self.number % 26] * 2
        self.visible.append(word)
        return word

    def figure(self) -> str:
        self.number += 1
        self.visible.append(str(self.number))
        return str(self.number)

    def inline(self, depth: int = 0) -> str:
        choice = self.random.randrange(14 if depth < 3 else 4)
        if choice < 3:
            return self.word()
        if choice == 3:
            return self.figure()
        if choice == 4:
            return f"{self.figure()}<sup>{self.mark()}</sup>"
        if choice == 5:
            return f'{self.figure()}<a href="#n{self.mark()}">{self.last_mark}</a>'
        if choice == 6:
            kept = len(self.visible)
            struck = f"<del>{self.inlines(depth + 1)}</del>"
            del self.visible[kept:]
            return f"{struck}<ins>{self.figure()}</ins>"
        if choice == 7:
            kept = len(self.visible)
            hidden = self.inlines(depth + 1)
            del self.visible[kept:]
            return self.random.choice(("<span hidden>{}</span>", '<i style="display: none">{}</i>')).format(hidden)
        if choice == 8:
            return self.split_word()
        if choice == 9:
            return f"<q>{self.inlines(depth + 1)}</q>"
        if choice == 10:
            return f"{self.word()}<br>{self.figure()}"
        tag = self.random.choice(("b", "i", "em", "span", "a", "small", "u", "abbr"))
        return f"<{tag}>{self.inlines(depth + 1)}</{tag}>"

    def mark(self) -> str:
        self.last_mark = str(self.random.randrange(1, 9))
        self.visible.append(f"mark{self.last_mark}")
        return self.last_mark

    def split_word(self) -> str:
        word = self.word()
        return word[:2] + self.random.choice(("&shy;", "<wbr>", "&#8203;", "\u00ad")) + word[2:]

    def inlines(self, depth: int = 0) -> str:
        space = self.random.choice((" ", "\n  ", "\n"))
        return space.join(self.inline(depth) for _ in range(self.random.randrange(1, 6)))

    def block(self, depth: int = 0) -> str:
        choice = self.random.randrange(8 if depth < 2 else 3)
        if choice == 7:
            return f"<div>{self.block(depth + 1)}{self.block(depth + 1)}</div>"
        words = " ".join(self.word() for _ in range(8))
        if choice < 3:
            return f"<p>{words} {self.inlines()}</p>"
        if choice == 3:
            return f"<blockquote><p>{words} {self.inlines()}</p></blockquote>"
        if choice == 4:
            return f"<div>{words} {self.inlines()}</div>"
        if choice == 5:
            rows = ("".join(f"<td>{self.figure()}</td>" for _ in range(3)) for _ in range(2))
            return f"<p>{words}</p><table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"
        return f"<ul><li>{words}</li><li>{self.figure()}</li><li>{self.inlines()}</li></ul>"

    def page(self) -> str:
        article = "\n".join(self.block() for _ in range(self.random.randrange(3, 9)))
        return f'<!doctype html><html lang="en"><head><title>Kites</title></head><body><article>{article}</article></body></html>'


_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def _read(text: str) -> list[str]:
    """The words and numbers of an extracted text, with footnote marks named."""
    text = re.sub(r"\[(\d)\]|([¹²³⁴-⁹])", lambda mark: f" mark{(mark[1] or mark[2]).translate(_RAISED)} ", text)
    return re.findall(r"\w+", text)


def _check(seed: int) -> None:
    maker = _PageMaker(seed)
    page = maker.page()
    read = _read(extract(page.encode(), "kites.html").text)
    # Blocks may be left out whole; what is there stands on the page, in its order.
    waiting = iter(maker.visible)
    assert all(word in waiting for word in read), (seed, page)
    assert len(read) > 0.7 * len(maker.visible), (seed, page)


@pytest.mark.parametrize("seed", range(25))
def test_words_and_numbers_are_those_of_the_page(seed):
    _check(seed)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, 2000, 500))
def test_words_and_numbers_are_those_of_many_pages(first):
    for seed in range(first, first + 500):
        _check(seed)
