"""Writes trained networks as one quantised ONNX graph: 8-bit weights, so that it is small and quick on one core."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from models.classifier.network import Network

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
OUTPUT = "logits"
OPSET = 17


class _Joined(nn.Module):
    """The three heads side by side, as one output: the mean of all members' logits."""

    def __init__(self, members: Sequence[Network]) -> None:
        super().__init__()
        self.members = nn.ModuleList(members)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        each = [torch.cat(member(input_ids, attention_mask, token_type_ids), dim=1) for member in self.members]
        return torch.stack(each).mean(dim=0)


def export(members: Sequence[Network], target: Path) -> None:
    """One graph for all members: int64 of shape (messages, pieces) in, float32 of shape (messages, 25) out."""
    joined = _Joined(members).eval()
    whole = target.with_suffix(".whole")
    _write(joined, whole)
    logging.getLogger().setLevel(logging.ERROR)  # the quantiser recommends a step that changes nothing here
    quantize_dynamic(whole, target, weight_type=QuantType.QInt8, per_channel=True)
    whole.unlink()


def _write(joined: nn.Module, target: Path) -> None:
    sample = torch.arange(1000, 1014).reshape(2, 7)
    axes = {name: {0: "messages", 1: "pieces"} for name in INPUTS} | {OUTPUT: {0: "messages"}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer warns of masks for cached decoding; an encoder has none
        torch.onnx.export(
            joined,
            (sample, torch.ones_like(sample), torch.zeros_like(sample)),
            str(target),
            dynamo=False,
            input_names=list(INPUTS),
            output_names=[OUTPUT],
            opset_version=OPSET,
            dynamic_axes=axes,
        )
