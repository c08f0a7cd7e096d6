"""Sealing: AES-256-GCM for everything with a person's words in it, wherever it rests.

A sealed text is: 4 bytes naming the key, 12 random bytes, the ciphertext with its tag. The newest key seals, every key
opens, so keys rotate by putting a new one first and dropping the oldest once nothing sealed with it is left
(`handoff.rotation`). The bot's memory is sealed by the bot itself, in Fernet tokens made with the same keys.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NAME = 4
_NONCE = 12
UNKNOWN = "unknown"


class BadKey(ValueError):
    """A key is not 32 bytes in URL-safe base64. Make one with `warmline secrets`."""


class SealBroken(Exception):
    """Sealed with a key that is not here, or damaged. Put the old key back at the end of WARMLINE_KEYS."""


def key_bytes(text: str) -> bytes:
    """32 bytes from URL-safe base64, the form Fernet keys have. Raises `BadKey`."""
    try:
        key = base64.urlsafe_b64decode(text.encode())
    except (binascii.Error, ValueError) as error:
        raise BadKey("a key is 32 bytes in URL-safe base64") from error
    if len(key) != 32:
        raise BadKey("a key is 32 bytes in URL-safe base64")
    return key


def key_name(key: bytes) -> str:
    """How a key is called where it must not be shown: 8 hexadecimal digits."""
    return hashlib.sha256(key).digest()[:_NAME].hex()


class Sealer:
    """Seals with the first key, opens with any."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys:
            raise BadKey("at least one key is needed")
        self._ciphers = {hashlib.sha256(key).digest()[:_NAME]: AESGCM(key) for key in keys}
        self._newest = hashlib.sha256(keys[0]).digest()[:_NAME]

    @property
    def newest(self) -> str:
        """The name of the key that seals."""
        return self._newest.hex()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all keys, the newest first."""
        return tuple(name.hex() for name in self._ciphers)

    def sealed_with(self, sealed: bytes) -> str:
        """The name of the key that sealed this, ours or not."""
        return sealed[:_NAME].hex()

    def reseal(self, sealed: bytes) -> bytes:
        """The same under the newest key. Raises `SealBroken`."""
        return self.seal(self.open(sealed))

    def seal(self, plain: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return self._newest + nonce + self._ciphers[self._newest].encrypt(nonce, plain, self._newest)

    def open(self, sealed: bytes) -> bytes:
        """What `seal` was given. Raises `SealBroken`."""
        name, nonce, text = sealed[:_NAME], sealed[_NAME : _NAME + _NONCE], sealed[_NAME + _NONCE :]
        cipher = self._ciphers.get(name)
        if cipher is None:
            raise SealBroken(
                f"This was sealed with the key {name.hex()}, which is not among WARMLINE_KEYS. Put that key back "
                "at the end of them; nothing is lost. It may go once `warmline keys rotate` is through."
            )
        try:
            return cipher.decrypt(nonce, text, name)
        except InvalidTag as error:
            raise SealBroken("the sealed text is damaged") from error


class TokenSealer:
    """The same for the bot's memory: Fernet tokens, which do not say which key sealed them, so every key is tried."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._all = {key_name(key): Fernet(base64.urlsafe_b64encode(key)) for key in keys}
        self.newest = key_name(keys[0])

    def sealed_with(self, sealed: bytes) -> str:
        """The name of the key that opens this; `unknown` when none of ours does."""
        return next((name for name, key in self._all.items() if _opens(key, sealed)), UNKNOWN)

    def reseal(self, sealed: bytes) -> bytes:
        """The same under the newest key, with its time of making. Raises `SealBroken`."""
        try:
            return MultiFernet(list(self._all.values())).rotate(sealed)
        except InvalidToken as error:
            raise SealBroken("No key in WARMLINE_KEYS opens a memory of the bot.") from error


def _opens(key: Fernet, sealed: bytes) -> bool:
    try:
        key.decrypt(sealed)
    except InvalidToken:
        return False
    return True
