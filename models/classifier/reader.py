"""Reads messages with the shipped classifier: ONNX Runtime on one core, no torch, no network.

Beside this file lie, in `shipped/`, the graph, the tokenizer and the calibration that
`python -m models.classifier.train` wrote together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from models.classifier.axes import DOMAINS, SUBJECTS, TIERS
from models.classifier.calibration import Calibration, Floats
from models.screen.characters import fold

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

SHIPPED = Path(__file__).parent / "shipped"
GRAPH, TOKENIZER, CALIBRATION = "screen.onnx", "tokenizer.json", "calibration.json"
WINDOW, OVERLAP, MOST_WINDOWS = 94, 24, 6
"""Word pieces read at once, shared by neighbouring windows, and windows read of one message: its ends come first."""


class ClassifierUnavailable(Exception):
    """The classifier can't be loaded. Next step: go on with the rules, and train it anew (`make train`)."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """Calibrated shares for one message: P(tier >= 1) to P(tier >= 6), falling; each domain's; the likely subject."""

    tiers: tuple[float, ...]
    domains: tuple[tuple[str, float], ...]
    subject: str


class ScreenClassifier:
    """Loads at once; safe to share between threads."""

    def __init__(self, folder: Path = SHIPPED, threads: int = 1) -> None:
        """Raises `ClassifierUnavailable`."""
        try:
            self._session, self._tokenizer = _open(folder, threads)
            self._calibration = Calibration.read(folder / CALIBRATION)
        except (ImportError, OSError, ValueError, RuntimeError) as error:
            raise ClassifierUnavailable(
                f"the classifier in {folder} can't be loaded: {type(error).__name__}"
            ) from error

    def read(self, texts: Sequence[str]) -> list[Opinion]:
        """One opinion per text, in order. A long text is read in windows; the highest figures of any window hold."""
        pieces = [self.windows(text) for text in texts]
        logits = self.logits([window for windows in pieces for window in windows])
        out, at = [], 0
        for windows in pieces:
            out.append(self._opinion(logits[at : at + len(windows)]))
            at += len(windows)
        return out

    def logits(self, windows: Sequence[Sequence[int]]) -> Any:
        """Raw figures, float32 of shape (windows, 25)."""
        longest = max(len(window) for window in windows)
        ids = np.zeros((len(windows), longest), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, window in enumerate(windows):
            ids[row, : len(window)] = window
            mask[row, : len(window)] = 1
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        return self._session.run(None, given)[0]

    def windows(self, text: str) -> list[list[int]]:
        """The word pieces of one text as they are read, each window with its marks of beginning and end."""
        return _windows(self._tokenizer.encode(fold(text)[0], add_special_tokens=False).ids)

    def _opinion(self, logits: Any) -> Opinion:
        figures = self._calibration.shares(logits[:, : TIERS + len(DOMAINS)])
        highest: Floats = figures.max(axis=0)
        tiers = np.minimum.accumulate(highest[:TIERS])
        row = int(figures[:, 2].argmax())
        subject = SUBJECTS[int(logits[row, -len(SUBJECTS) :].argmax())]
        domains = sorted(zip(DOMAINS, highest[TIERS:].tolist(), strict=True), key=lambda pair: -pair[1])
        return Opinion(tuple(tiers.tolist()), tuple(domains), subject)


_BEGIN, _END = 101, 102


def _windows(ids: list[int]) -> list[list[int]]:
    starts = list(range(0, max(1, len(ids) - OVERLAP), WINDOW - OVERLAP))
    if len(starts) > MOST_WINDOWS:
        half = MOST_WINDOWS // 2
        starts = starts[:half] + starts[-half:]
    return [[_BEGIN, *ids[start : start + WINDOW], _END] for start in starts]


def _open(folder: Path, threads: int) -> tuple[InferenceSession, Tokenizer]:
    import onnxruntime
    from tokenizers import Tokenizer

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(str(folder / GRAPH), options, providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return session, tokenizer
