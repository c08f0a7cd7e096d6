"""Small looks at whether something answers, without a client library."""

from __future__ import annotations

import http.client
import socket
import ssl
from contextlib import suppress
from typing import BinaryIO
from urllib.parse import SplitResult, unquote, urlsplit

_SECONDS = 2.0


class RedisRefused(Exception):
    """Redis answered with an error; the message is its first word, such as NOAUTH or LOADING."""


def http_answers(url: str) -> bool:
    """Whether a GET is answered with success."""
    return 200 <= http_status(url) < 300


def http_status(url: str, headers: dict[str, str] | None = None) -> int:
    """The status that a GET is answered with; 0 for no answer."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=_SECONDS)
    try:
        connection.request("GET", parts.path or "/", headers=headers or {})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def redis_answers(url: str) -> bool:
    """Whether a Redis at this address (redis, rediss or unix; of a cluster, any node) lets us in and answers PING."""
    try:
        return redis_asks(url, ("PING",)) == ["PONG"]
    except (OSError, RedisRefused):
        return False


def redis_asks(url: str, *commands: tuple[str, ...]) -> list[str | list[str]]:
    """Send commands to a Redis and return one reply each: text, or a list of texts.

    Raises OSError when it cannot be reached and RedisRefused when it does not let us.
    """
    parts = urlsplit(url)
    login = _login(parts)
    with _connect(parts) as line, line.makefile("rb") as answers:
        line.sendall(b"".join(_command(words) for words in (*login, *commands)))
        replies = [_reply(answers) for _ in (*login, *commands)]
    return replies[len(login) :]


def without_password(url: str) -> str:
    """The address as it may be shown."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _connect(parts: SplitResult) -> socket.socket:
    if parts.scheme == "unix":
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(_SECONDS)
        line.connect(parts.path)
        return line
    host, line = _first_that_answers(parts)
    if parts.scheme.startswith("rediss"):
        return ssl.create_default_context().wrap_socket(line, server_hostname=host)
    return line


def _first_that_answers(parts: SplitResult) -> tuple[str, socket.socket]:
    """A cluster's address names several nodes; any of them will do."""
    *others, last = [urlsplit(f"//{each}") for each in parts.netloc.rpartition("@")[2].split(",")]
    for each in others:
        with suppress(OSError):
            return _connected(each)
    return _connected(last)


def _connected(node: SplitResult) -> tuple[str, socket.socket]:
    host = node.hostname or "localhost"
    return host, socket.create_connection((host, node.port or 6379), timeout=_SECONDS)


def _login(parts: SplitResult) -> list[tuple[str, ...]]:
    if not parts.password:
        return []
    name = [unquote(parts.username)] if parts.username else []
    return [("AUTH", *name, unquote(parts.password))]


def _command(words: tuple[str, ...]) -> bytes:
    sized = [b"$%d\r\n%s\r\n" % (len(word.encode()), word.encode()) for word in words]
    return b"*%d\r\n%s" % (len(words), b"".join(sized))


def _reply(answers: BinaryIO) -> str | list[str]:
    head = answers.readline()
    kind, rest = head[:1], head[1:].strip().decode(errors="replace")
    if kind == b"-":
        raise RedisRefused(rest.partition(" ")[0])
    if kind == b"$":
        return answers.read(int(rest) + 2)[:-2].decode(errors="replace") if rest != "-1" else ""
    if kind == b"*":
        return [str(_reply(answers)) for _ in range(int(rest))]
    if kind in {b"+", b":"}:
        return rest
    raise ConnectionError("it closed the connection, or is no Redis")
