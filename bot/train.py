"""Train the bot, or do nothing when nothing it is made of has changed: `python bot/train.py`.

Runs with any Python 3.10 or newer; the training itself runs in `.venv-bot` (or with WARMLINE_BOT_PYTHON). The model is
bot/trained/<fingerprint>.tar.gz, whose path is the last line printed. A missing encoder is exported first.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TRAINED = ROOT / "bot" / "trained"
ENCODER = ROOT / "var" / "encoder" / "minilm.onnx"
KEPT_MODELS = 3


class TrainingFailed(Exception):
    """What failed and what to do about it."""


def inputs(root: Path) -> list[Path]:
    """Every file the model depends on, in a fixed order."""
    found = [root / "config.yml", root / "bot" / "domain.yml", root / "bot" / "requirements.txt"]
    found += (root / "bot" / "data" / "train").glob("*.yml")
    found += (root / "bot" / "components").glob("*.py")
    return sorted([*found, root / "bot" / "reading" / "plain.py", root / "models" / "encoder_export.py"])


def fingerprint(root: Path) -> str:
    """Sixteen hexadecimal digits over names and contents."""
    digest = hashlib.sha256()
    for path in inputs(root):
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def bot_python() -> str:
    return os.environ.get("WARMLINE_BOT_PYTHON") or str(ROOT / ".venv-bot" / "bin" / "python")


def train(target: Path) -> None:
    encoder = Path(os.environ.get("WARMLINE_ENCODER") or ENCODER)
    if not encoder.exists():
        print("exporting the sentence encoder ...", flush=True)
        _run([str(ROOT / ".venv" / "bin" / "python"), "-m", "models.encoder_export", str(encoder)], {})
    begun = time.monotonic()
    print("training the bot (about a minute) ...", flush=True)
    command = [bot_python(), "-m", "rasa", "train", "--config", "config.yml", "--domain", "bot/domain.yml"]
    command += [
        "--data",
        "bot/data/train",
        "--out",
        str(target.parent),
        "--fixed-model-name",
        target.name.split(".")[0],
    ]
    _run(command, {"WARMLINE_ENCODER": str(encoder)})
    if not target.exists():
        raise TrainingFailed("Rasa ended without a model. Read what it printed above.")
    print(f"trained in {time.monotonic() - begun:.0f} s", flush=True)


def _run(command: list[str], more: dict[str, str]) -> None:
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}
    environment = os.environ | quiet | more | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise TrainingFailed(f"{' '.join(command[:4])} failed:\n{(done.stdout + done.stderr)[-4000:]}")


def _drop_old_models() -> None:
    models = sorted(TRAINED.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in models[KEPT_MODELS:]:
        old.unlink()


def main() -> int:
    target = TRAINED / f"{fingerprint(ROOT)}.tar.gz"
    if target.exists():
        print("the trained bot is up to date")
    else:
        try:
            train(target)
        except TrainingFailed as failed:
            print(f"training failed. {failed}", file=sys.stderr)
            return 1
        _drop_old_models()
    print(target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
