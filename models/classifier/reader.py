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

from models.classifier.axes import CRISIS_TIER, DOMAINS, SUBJECTS, TIERS
from models.classifier.calibration import OTHER, Floats, read_calibrations
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
            self._calibrations = read_calibrations(folder / CALIBRATION)
        except (ImportError, OSError, ValueError, RuntimeError) as error:
            raise ClassifierUnavailable(
                f"the classifier in {folder} can't be loaded: {type(error).__name__}"
            ) from error

    def read(self, text: str, language: str = "en") -> Opinion:
        """`language`: ISO 639-1, for the calibration. A long text is read in windows; the highest figures hold."""
        calibration = self._calibrations.get(language, self._calibrations[OTHER])
        logits = self.logits(self.windows(text))
        figures = calibration.shares(logits[:, : TIERS + len(DOMAINS)])
        highest: Floats = figures.max(axis=0)
        row = int(figures[:, CRISIS_TIER - 1].argmax())
        subject = SUBJECTS[int(logits[row, -len(SUBJECTS) :].argmax())]
        domains = sorted(zip(DOMAINS, highest[TIERS:].tolist(), strict=True), key=lambda pair: -pair[1])
        return Opinion(tuple(np.minimum.accumulate(highest[:TIERS]).tolist()), tuple(domains), subject)

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


_BEGIN, _END = 101, 102


def _windows(ids: list[int]) -> list[list[int]]:
    starts = list(range(0, max(1, len(ids) - OVERLAP), WINDOW - OVERLAP))
    if len(starts) > MOST_WINDOWS:
        half = MOST_WINDOWS // 2
        starts = starts[:half] + starts[-half:]
    return [[_BEGIN, *ids[start : start + WINDOW], _END] for start in starts]


def _open(folder: Path, threads: int) -> tuple[InferenceSession, Tokenizer]:
    import onnxruntime
    from onnxruntime.capi.onnxruntime_pybind11_state import Fail, InvalidGraph, InvalidProtobuf
    from tokenizers import Tokenizer

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        graph = (folder / GRAPH).read_bytes()
        session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except (Fail, InvalidGraph, InvalidProtobuf) as error:
        raise ValueError(f"{GRAPH} is no graph that can be run") from error
    tokenizer = Tokenizer.from_str((folder / TOKENIZER).read_text(encoding="utf-8"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return session, tokenizer
