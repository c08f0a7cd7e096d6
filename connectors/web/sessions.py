"""Sessions: a signed token says which address a page speaks for, and for how long."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from itsdangerous import BadSignature, SignatureExpired, TimestampSigner

from handoff.core.ids import Address, BadId

CHANNEL = "web"


@dataclass(frozen=True, slots=True)
class Session:
    """Who a page speaks for. `renewed`: why a given token was not taken (`expired`, `forged`, `erased`)."""

    address: Address = field(repr=False)
    fresh: bool = False
    renewed: str | None = None


class Sessions:
    """Makes and reads tokens. Whoever holds a token is that person: it never stands in an address or a log."""

    def __init__(
        self, secret: str, line: str, seconds: int, clock: Callable[[], float], *, before: str | None = None
    ) -> None:
        """`before` is the secret until now, while it is being replaced: its tokens are read, none is made with it."""
        self._seconds = seconds
        secrets_by_age = [before, secret] if before else [secret]
        self._signer = _Signer(secrets_by_age, f"warmline web chat {line}", clock)

    def token(self, session: Session) -> str:
        """A token that is good for `seconds` from now."""
        return self._signer.sign(session.address.id).decode()

    def read(self, token: str | None) -> Session:
        """The session of a token; a fresh one, with the reason, where the token is no good."""
        if token is None:
            return fresh()
        try:
            return Session(Address(CHANNEL, self._signer.unsign(token, max_age=self._seconds).decode()))
        except SignatureExpired:
            return fresh("expired")
        except (BadSignature, BadId, UnicodeError):
            return fresh("forged")


def fresh(renewed: str | None = None) -> Session:
    """A session for somebody nobody has met."""
    return Session(Address(CHANNEL, secrets.token_hex(16)), fresh=True, renewed=renewed)


class _Signer(TimestampSigner):
    def __init__(self, secret: list[str], salt: str, clock: Callable[[], float]) -> None:
        super().__init__(secret, salt=salt, key_derivation="hmac", digest_method=hashlib.sha256)
        self._clock = clock

    def get_timestamp(self) -> int:
        return int(self._clock())
