"""`make sbom`: what the service is made of, from its pins, as CycloneDX in var/sbom.json."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PINS = ("requirements.txt", "bot/requirements.txt")
_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;]+)", re.MULTILINE)


def main() -> None:
    """Write the file and say how many parts are in it."""
    out = ROOT / "var" / "sbom.json"
    out.parent.mkdir(exist_ok=True)
    made = bill()
    out.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    print(f"{len(made['components'])} parts in {out.relative_to(ROOT)}")


def bill() -> dict[str, Any]:
    """The parts of the service and of the bot, each once."""
    made = [_of(path) for path in PINS]
    parts = {(each["name"], each["version"]): each for bill in made for each in bill["components"]}
    for name, each in parts.items():
        each["bom-ref"] = "==".join(name)
    kept = {key: value for key, value in made[0].items() if key not in ("components", "dependencies")}
    return {**kept, "components": [parts[name] for name in sorted(parts)]}


def pins(path: str) -> set[tuple[str, str]]:
    """(name, version) of every pin in a requirements file."""
    return set(_PIN.findall((ROOT / path).read_text(encoding="utf-8")))


def _of(path: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "cyclonedx_py", "requirements", "--output-format", "JSON", path]
    made: dict[str, Any] = json.loads(
        subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    )
    return made


if __name__ == "__main__":
    main()
