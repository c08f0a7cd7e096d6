"""Writes a trained network as a quantised ONNX graph: 8-bit weights, so that it is small and quick on one core."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from models.classifier.network import Network

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
OUTPUT = "logits"
OPSET = 17


class _Joined(nn.Module):
    """The three heads side by side, as one output."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        return torch.cat(self.network(input_ids, attention_mask, token_type_ids), dim=1)


def export(network: Network, target: Path) -> None:
    """The graph takes int64 of shape (messages, pieces) and gives float32 of shape (messages, 25)."""
    network.eval()
    whole = target.with_suffix(".whole")
    _write(network, whole)
    logging.getLogger().setLevel(logging.ERROR)  # the quantiser recommends a step that changes nothing here
    quantize_dynamic(whole, target, weight_type=QuantType.QInt8, per_channel=True)
    whole.unlink()


def _write(network: Network, target: Path) -> None:
    sample = torch.arange(1000, 1014).reshape(2, 7)
    axes = {name: {0: "messages", 1: "pieces"} for name in INPUTS} | {OUTPUT: {0: "messages"}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer warns of masks for cached decoding; an encoder has none
        torch.onnx.export(
            _Joined(network),
            (sample, torch.ones_like(sample), torch.zeros_like(sample)),
            str(target),
            dynamo=False,
            input_names=list(INPUTS),
            output_names=[OUTPUT],
            opset_version=OPSET,
            dynamic_axes=axes,
        )
