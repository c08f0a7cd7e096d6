"""Finding resources for people: the library, searched by meaning in a thread of its own."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from handoff.resources import Library, ResourceUnknown, as_json
from models.resource_search import ResourceSearch

_log = logging.getLogger(__name__)

_PATIENCE_SECONDS = 1.5
"""A machine that is busy must not keep a person waiting: after this, words and topics alone decide."""


class Finder:
    """Answers from words and topics at once, and by meaning as soon as the encoder is loaded."""

    def __init__(self, library: Library, search: ResourceSearch, by_words: ResourceSearch) -> None:
        """`by_words` is the same search without an encoder."""
        self._library = library
        self._search = search
        self._by_words = by_words

    async def prepare(self) -> None:
        """Load the encoder and the passages, some seconds, beside everything else."""
        await asyncio.to_thread(self._search.prepare)
        if self._search.degraded:
            _log.warning("resource_search_degraded: %s", self._search.problem)

    @property
    def degraded(self) -> bool:
        """Whether meaning is not looked at (yet)."""
        return self._search.degraded

    async def find(
        self, text: str, topics: Sequence[str], language: str, limit: int, exclude: Sequence[str] = ()
    ) -> list[dict[str, Any]]:
        """The best `limit` resources for these words, best first, as JSON."""

        def search(by: ResourceSearch) -> list[tuple[str, float]]:
            return by.search(text, topics=topics, language=language, limit=limit, exclude=exclude)

        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                found = await asyncio.to_thread(search, self._search)
        except TimeoutError:
            _log.warning("resource_search_slow")
            found = search(self._by_words)
        return [as_json(self._library.get(each)) for each, _ in found]

    def get(self, resource: str) -> dict[str, Any] | None:
        """One resource as JSON; None when there is none of that id."""
        try:
            return as_json(self._library.get(resource))
        except ResourceUnknown:
            return None
