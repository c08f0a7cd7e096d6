"""Node programs, started on a free port and stopped afterwards."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from handoff.running.children import die_with_parent
from handoff.running.probes import http_answers
from tests.journey.line import eventually

HERE = Path(__file__).parent
PACKAGES = HERE / "node_modules"
NODE = PACKAGES / ".bin" / "node"


@asynccontextmanager
async def node(program: str, *arguments: str, ready: str, log: Path) -> AsyncIterator[None]:
    """A program of this folder, until `ready` (an address) answers; its output goes into `log`."""
    assert NODE.exists(), "The emulators are not installed. Run `make tests-emulators`."
    process = _begin([str(NODE), str(HERE / program), *arguments], log)

    async def up() -> bool:
        assert process.poll() is None, log.read_text()
        return await asyncio.to_thread(http_answers, ready)

    try:
        await eventually(up, f"{program} answers")
        yield
    finally:
        process.kill()
        process.wait()


def _begin(command: list[str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        return subprocess.Popen(
            command, cwd=HERE, stdin=subprocess.DEVNULL, stdout=output, stderr=output, preexec_fn=die_with_parent
        )
