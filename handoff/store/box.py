"""What Redis may see: sealed records, and keyed hashes in the place of ids that may name a person."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from typing import TypeVar

from handoff.core.conversation import Conversation
from handoff.core.supporter import Supporter
from handoff.sealing import Sealer
from handoff.store import codec

T = TypeVar("T")
_SECRET_BYTES = 32
_HASH_BYTES = 16


class Box:
    """Seals with the service's keys; hashes with a secret of the line, which lies sealed in Redis."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer
        self._secret = os.urandom(_SECRET_BYTES)
        self.knows_the_line = False

    def sealed_secret(self) -> bytes:
        return self._sealer.seal(self._secret)

    def take_secret(self, sealed: bytes) -> None:
        """Use the secret that the line has already. Raises `SealBroken`."""
        self._secret = self._sealer.open(sealed)
        self.knows_the_line = True

    def seal(self, record: object) -> bytes:
        return self._sealer.seal(codec.encode(record))

    def open(self, sealed: bytes, decode: Callable[[bytes], T]) -> T:
        """Raises `SealBroken`."""
        return decode(self._sealer.open(sealed))

    def hidden(self, text: str) -> str:
        """The same for the same text on this line, and nothing that leads back to it."""
        return self._hash(text.encode())

    def lane(self, lane: str) -> str:
        """A lane's name in Redis: its kind, and its destination hidden."""
        return f"{codec.lane_kind(lane)}:{self.hidden(lane)}"

    def conversation_face(self, record: Conversation) -> str:
        return self._hash(codec.conversation_face(record))

    def supporter_face(self, record: Supporter) -> str:
        return self._hash(codec.supporter_face(record))

    def _hash(self, text: bytes) -> str:
        return hashlib.blake2b(text, digest_size=_HASH_BYTES, key=self._secret).hexdigest()
