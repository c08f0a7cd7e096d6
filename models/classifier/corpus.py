"""Reads the corpus: `models/corpus/<language>/*.txt`, one message a line, in blocks of one imagined author each.

    ## <block> | <who writes, and in which situation>
    <tier> | <domains> | <subject> | <time> | <signal> | <style> | <message>

A block belongs to one split as a whole, so that near-twins by the same author never stand in training and test both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from models.classifier.axes import DOMAINS, SIGNALS, STYLES, SUBJECTS, TIERS, TIMES

CORPUS = Path(__file__).parents[1] / "corpus"
LANGUAGES = ("en", "es", "de", "fr", "pt")
_TRAIN, _DEV = 80, 90
"""Of a hundred blocks, how many are trained on, and up to which number the rest chooses thresholds; the others test."""


class CorpusBroken(Exception):
    """A line of the corpus can't be read. Next step: mend the line that the message names."""


@dataclass(frozen=True, slots=True)
class Message:
    """One labelled message. `split` is `train`, `dev` or `test`."""

    language: str
    part: str
    block: str
    split: str
    tier: int
    domains: tuple[str, ...]
    subject: str
    time: str
    signal: str
    style: str
    text: str = field(repr=False)


def split_of(block: str) -> str:
    """By a hash of the block's name: the same on every machine, whatever is added to the corpus later."""
    number = int(hashlib.sha256(block.encode()).hexdigest(), 16) % 100
    return "train" if number < _TRAIN else "dev" if number < _DEV else "test"


def read_corpus(folder: Path = CORPUS, languages: Sequence[str] = LANGUAGES) -> list[Message]:
    """Every message, in the order of languages, files and lines. Raises `CorpusBroken`."""
    paths = [path for language in languages for path in sorted((folder / language).glob("*.txt"))]
    return [message for path in paths for message in _read(path)]


def _read(path: Path) -> Iterator[Message]:
    block = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("## "):
            block = line[3:].partition("|")[0].strip()
        elif line.strip():
            yield _message(path, number, block, line)


def _message(path: Path, number: int, block: str, line: str) -> Message:
    try:
        tier, domains, subject, time, signal, style, text = (each.strip() for each in line.split("|", 6))
        known = int(tier), () if domains == "none" else tuple(domains.split("+"))
    except ValueError:
        raise CorpusBroken(f"{path.name}, line {number}: expected seven fields, the first one a number") from None
    message = Message(path.parent.name, path.stem, block, split_of(block), *known, subject, time, signal, style, text)
    if wrong := _wrong(message):
        raise CorpusBroken(f"{path.name}, line {number}: {wrong}")
    return message


def _wrong(message: Message) -> str:
    if not message.block or not message.text:
        return "a message needs words, and a block above it"
    if not 0 <= message.tier <= TIERS:
        return f"no such tier: {message.tier}"
    if unknown := set(message.domains) - set(DOMAINS):
        return f"no such domain: {', '.join(sorted(unknown))}"
    labels = ((message.subject, SUBJECTS), (message.time, TIMES), (message.signal, SIGNALS), (message.style, STYLES))
    return next((f"no such label: {given}" for given, allowed in labels if given not in allowed), "")
