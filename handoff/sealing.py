"""Sealing: AES-256-GCM for everything with a person's words in it, wherever it rests.

A sealed text is: 4 bytes naming the key, 12 random bytes, the ciphertext with its tag. The newest key seals, every key
opens, so keys rotate by putting a new one first and dropping the oldest once nothing sealed with it is left.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NAME = 4
_NONCE = 12


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


class Sealer:
    """Seals with the first key, opens with any."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys:
            raise BadKey("at least one key is needed")
        self._ciphers = {hashlib.sha256(key).digest()[:_NAME]: AESGCM(key) for key in keys}
        self._newest = hashlib.sha256(keys[0]).digest()[:_NAME]

    def seal(self, plain: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return self._newest + nonce + self._ciphers[self._newest].encrypt(nonce, plain, self._newest)

    def open(self, sealed: bytes) -> bytes:
        """What `seal` was given. Raises `SealBroken`."""
        name, nonce, text = sealed[:_NAME], sealed[_NAME : _NAME + _NONCE], sealed[_NAME + _NONCE :]
        cipher = self._ciphers.get(name)
        if cipher is None:
            raise SealBroken("sealed with a key that is not among WARMLINE_KEYS")
        try:
            return cipher.decrypt(nonce, text, name)
        except InvalidTag as error:
            raise SealBroken("the sealed text is damaged") from error
