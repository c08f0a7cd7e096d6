"""Writes docs/safety/thirty-conversations.md from a run of everything: `python -m tests.replay` (minutes)."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.journey.processes import MakeRun
from tests.journey.talk import Frame
from tests.replay.play import Scene, Turn, played, scenes

PAGE = Path(__file__).parents[2] / "docs/safety/thirty-conversations.md"
_HEAD = """# Thirty conversations

What imagined people wrote to a running line (bot, service and screen as shipped), and what they saw. For a clinician to
read and to correct. Written by `python -m tests.replay`; every word of the people is our own writing. Buttons stand in
[brackets]. Nobody was at the desk, and the line says so.
"""


def page(replayed: Sequence[tuple[Scene, Sequence[Turn]]]) -> str:
    return "\n".join([_HEAD, *(_scene(number, *each) for number, each in enumerate(replayed, 1))])


def _scene(number: int, scene: Scene, turns: Sequence[Turn]) -> str:
    lines = [f"## {number}. {scene.title} ({scene.country})", ""]
    for turn in turns:
        lines += [f"**They wrote:** {turn.said}", "", *(_shown(each) for each in turn.seen)]
    return "\n".join(lines)


def _shown(entry: Frame) -> str:
    who = "Crisis card" if entry["kind"] == "card" else "They saw"
    text = "\n".join(f"> {line}".rstrip() for line in f"*{who}:* {entry['text']}".splitlines())
    buttons = " ".join(f"[{each['title']}]" for each in entry["buttons"])
    return f"{text}\n> {buttons}\n" if buttons else f"{text}\n"


async def replay() -> str:
    with tempfile.TemporaryDirectory() as folder:
        run = MakeRun(Path(folder))
        await run.start()
        try:
            await run.awake()
            return page([(scene, await played(scene, run.url)) for scene in scenes()])
        finally:
            await run.stop()


def main() -> None:
    PAGE.write_text(asyncio.run(replay()), encoding="utf-8")
    print(f"written: {PAGE}")


if __name__ == "__main__":
    main()
