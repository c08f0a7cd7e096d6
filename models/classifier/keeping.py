"""Keeps every member that is trained, so that a training that was interrupted goes on where it was. Needs torch."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path

import torch

from models.classifier.corpus import Message
from models.classifier.network import Network
from models.classifier.training import Plan

KEPT = Path("var/classifier")


def key_of(plan: Plan, messages: Sequence[Message]) -> str:
    """The same for the same plan and messages only."""
    told = "\n".join([repr(plan), *(repr(astuple(each)) for each in messages)])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def keep(network: Network, key: str, folder: Path = KEPT) -> None:
    """What was learned; the word vectors, which stay as they came, are left out. Raises `OSError`."""
    folder.mkdir(parents=True, exist_ok=True)
    held = {name for name, each in network.named_parameters() if not each.requires_grad}
    learned = {name: each for name, each in network.state_dict().items() if name not in held}
    part = folder / f"{key}.part"
    torch.save(learned, part)
    part.replace(folder / f"{key}.pt")


def take_up(network: Network, key: str, folder: Path = KEPT) -> bool:
    """Whether this member was trained before; it then knows what it knew."""
    path = folder / f"{key}.pt"
    if not path.is_file():
        return False
    network.load_state_dict(torch.load(path, weights_only=True), strict=False)
    network.eval()
    return True
