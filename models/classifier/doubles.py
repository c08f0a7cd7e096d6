"""Finds messages of the corpus that say nearly the same: `python -m models.classifier.doubles`.

Near doubles share nine tenths of their different words and have at least five of them; exact doubles are the same once
case and punctuation are dropped. Pairs inside one block are left alone: they are the corpus's minimal pairs.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from models.classifier.corpus import Message, read_corpus

ALIKE = 0.9
FEWEST = 5
_WORD = re.compile(r"[^\W_]+")


def doubles(messages: Sequence[Message]) -> Iterator[tuple[Message, Message]]:
    """Pairs of different blocks, the earlier message first."""
    by_word: dict[str, list[int]] = defaultdict(list)
    words = [frozenset(_WORD.findall(each.text.lower())) for each in messages]
    common = _common(words)
    for at, own in enumerate(words):
        rare = own - common or own
        for other in sorted({place for word in rare for place in by_word[word]}):
            if messages[other].block != messages[at].block and _alike(own, words[other]):
                yield messages[other], messages[at]
        for word in rare:
            by_word[word].append(at)


def _common(words: Sequence[frozenset[str]], most: int = 300) -> frozenset[str]:
    counts: dict[str, int] = defaultdict(int)
    for each in words:
        for word in each:
            counts[word] += 1
    return frozenset(word for word, count in counts.items() if count > most)


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    if one == other:
        return bool(one)
    return min(len(one), len(other)) >= FEWEST and len(one & other) >= ALIKE * len(one | other)


def main() -> None:
    found = list(doubles(read_corpus()))
    for one, other in found:
        print(f"{one.part}: {one.text}\n{other.part}: {other.text}\n")
    print(f"{len(found)} pairs")


if __name__ == "__main__":
    main()
