"""Small looks at whether something answers, without a client library."""

from __future__ import annotations

import http.client
import socket
import ssl
from urllib.parse import SplitResult, unquote, urlsplit

_SECONDS = 2.0


def http_answers(url: str) -> bool:
    """Whether a GET is answered with success."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=_SECONDS)
    try:
        connection.request("GET", parts.path or "/")
        return 200 <= connection.getresponse().status < 300
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def redis_answers(url: str) -> bool:
    """Whether a Redis at this address (redis, rediss or unix) lets us in and answers PING."""
    parts = urlsplit(url)
    try:
        with _connect(parts) as line:
            line.sendall(_greeting(parts) + b"PING\r\n")
            return _pong(line)
    except OSError:
        return False


def without_password(url: str) -> str:
    """The address as it may be shown."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=host, query="").geturl()


def _connect(parts: SplitResult) -> socket.socket:
    if parts.scheme == "unix":
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(_SECONDS)
        line.connect(parts.path)
        return line
    line = socket.create_connection((parts.hostname or "localhost", parts.port or 6379), timeout=_SECONDS)
    if parts.scheme == "rediss":
        return ssl.create_default_context().wrap_socket(line, server_hostname=parts.hostname)
    return line


def _greeting(parts: SplitResult) -> bytes:
    if not parts.password:
        return b""
    words = ["AUTH", *([unquote(parts.username)] if parts.username else []), unquote(parts.password)]
    return "".join([f"*{len(words)}\r\n", *(f"${len(word.encode())}\r\n{word}\r\n" for word in words)]).encode()


def _pong(line: socket.socket) -> bool:
    seen = b""
    while b"+PONG" not in seen:
        part = line.recv(512)
        if not part or b"-LOADING" in part:
            return False
        seen += part
    return True
