"""Encoded passages that stay on disk, so that a restart reads them instead of encoding them again."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import numpy as np

from models.encoder import Vectors

FILE = "passage_vectors.npz"


class Encoder(Protocol):
    """What is needed of `models.encoder.SentenceEncoder`."""

    @property
    def name(self) -> str: ...

    def encode(self, texts: Sequence[str], /) -> Vectors: ...


def fingerprint(encoder_name: str, passages: Sequence[str]) -> str:
    """SHA-256 over the encoder's name and every passage in order."""
    digest = hashlib.sha256(encoder_name.encode())
    for passage in passages:
        digest.update(b"\0" + passage.encode())
    return digest.hexdigest()


def vectors_of(passages: Sequence[str], encoder: Encoder, folder: Path | None) -> Vectors:
    """One row per passage, from the folder's file if it was made of exactly these, else encoded and written there.

    A folder that can't be read or written costs time only. Raises `EncoderUnavailable`.
    """
    wanted = fingerprint(encoder.name, passages)
    kept = _read(folder / FILE, wanted) if folder else None
    if kept is not None and kept.shape[0] == len(passages):
        return kept
    vectors = encoder.encode(passages)
    if folder:
        _write(folder / FILE, wanted, vectors)
    return vectors


def _read(file: Path, wanted: str) -> Vectors | None:
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as kept:
            return kept["vectors"].astype(np.float32) if str(kept["fingerprint"]) == wanted else None
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None  # absent, of another version or damaged: it is only a saving, and is written anew


def _write(file: Path, made_of: str, vectors: Vectors) -> None:
    unfinished = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with unfinished.open("wb") as stream:
            np.savez(stream, vectors=vectors, fingerprint=np.array(made_of))
        unfinished.replace(file)
    except OSError:  # no room or no right to write: encoded again next time
        with suppress(OSError):
            unfinished.unlink()
