"""How messages are varied while training, and what is kept of a training that is interrupted."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor, nn

from models.classifier.augment import slipped, together
from models.classifier.corpus import Message
from models.classifier.keeping import keep, key_of, take_up
from models.classifier.network import Network, hold_word_vectors
from models.classifier.training import Plan, train

SAFE = Message("en", "p", "b", "train", 0, (), "self", "unknown", "none", "direct", "the bus was late again")
GRAVE = replace(SAFE, tier=4, domains=("suicide",), signal="explicit", text="i keep thinking of killing myself")
WIDTH = 8


class Counting(nn.Module):
    """An encoder of a few numbers: word vectors, and one layer that learns."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(30, WIDTH)
        self.layer = nn.Linear(WIDTH, WIDTH)

    def get_input_embeddings(self) -> nn.Module:
        return self.words

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> object:
        class Out:
            last_hidden_state = self.layer(self.words(input_ids))

        return Out


def network(seed: int) -> Network:
    torch.manual_seed(seed)
    encoder = Counting()
    hold_word_vectors(encoder)
    return Network(encoder, WIDTH)


def encoded(texts: object) -> dict[str, Tensor]:
    rows = [[len(word) for word in (each.split() + ["."] * 8)[:8]] for each in list(texts)]  # type: ignore[call-overload]
    ids = torch.tensor(rows)
    return {"input_ids": ids, "attention_mask": torch.ones_like(ids), "token_type_ids": torch.zeros_like(ids)}


def test_two_messages_in_one_are_as_urgent_as_the_graver() -> None:
    for first, then in ((SAFE, GRAVE), (GRAVE, SAFE)):
        both = together(first, then)
        assert (both.text, both.tier, both.domains) == (f"{first.text} {then.text}", 4, ("suicide",))


def test_slips_are_small_and_the_same_for_the_same_seed() -> None:
    assert slipped(GRAVE.text, random.Random(3)) == slipped(GRAVE.text, random.Random(3))
    assert all(0.5 < len(slipped(GRAVE.text, random.Random(n))) / len(GRAVE.text) < 1.5 for n in range(200))


def test_training_is_the_same_for_the_same_seed_and_learns() -> None:
    told: list[str] = []
    plan, messages = Plan(epochs=3, batch=4), [SAFE, GRAVE] * 8
    once, again = network(1), network(1)
    train(once, messages, encoded, plan, told.append)
    train(again, messages, encoded, plan, lambda line: None)
    assert all(torch.equal(one, other) for one, other in zip(once.parameters(), again.parameters(), strict=True))
    losses = [float(line.split("loss ")[1].split(",")[0]) for line in told]
    assert losses[-1] < losses[0]
    assert torch.equal(once.encoder.words.weight, network(1).encoder.words.weight)  # type: ignore[union-attr,arg-type]


def test_a_member_that_is_done_is_taken_up_again_and_only_that_one(tmp_path: Path) -> None:
    trained, fresh, key = network(1), network(2), key_of(Plan(), [SAFE])
    assert not take_up(fresh, key, tmp_path)
    keep(trained, key, tmp_path)
    assert take_up(fresh, key, tmp_path)
    assert torch.equal(fresh.encoder.layer.weight, trained.encoder.layer.weight)  # type: ignore[union-attr,arg-type]
    assert not take_up(fresh, key_of(Plan(seed=2), [SAFE]), tmp_path)
    assert not take_up(fresh, key_of(Plan(), [GRAVE]), tmp_path)
