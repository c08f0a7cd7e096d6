"""`warmline screen`: the risk screen on standard input, one answer a line as it comes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import BinaryIO


def screen() -> None:
    """Read texts on standard input and write what the risk screen sees in them, one JSON object a line.

    A line is {"text": "...", "context": ["earlier turn", ...]} or a bare text. No server is started, nothing is kept.
    """
    from handoff.classifying import full_stream

    try:
        for answer in full_stream(_lines(sys.stdin.buffer)):
            sys.stdout.write(f"{answer}\n")
            sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains when it flushes at exit


def _lines(source: BinaryIO) -> Iterator[str]:
    """Lines as soon as they are there; bytes that are no UTF-8 become the replacement character."""
    for line in iter(source.readline, b""):
        yield line.decode("utf-8", errors="replace")
