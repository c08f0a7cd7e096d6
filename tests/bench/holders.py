"""Many open web chats that nobody writes in, as a program: so that what they cost the service is not the client's.

`python -m tests.bench.holders ADDRESS COUNT`: opens that many, each once the bot has greeted, from several loopback
addresses since one has ports for fewer; prints `held` and keeps them until its standard input ends.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys

from websockets.asyncio.client import ClientConnection, connect

_PER_ADDRESS = 5000
_AT_ONCE = 50
_PATIENCE_SECONDS = 120.0


async def main(address: str, count: str) -> None:
    gate = asyncio.Semaphore(_AT_ONCE)
    held = await asyncio.gather(*(_hold(address, number, gate) for number in range(int(count))))
    print("held", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await asyncio.gather(*(each.close() for each in held))


async def _hold(address: str, number: int, gate: asyncio.Semaphore) -> ClientConnection:
    source = f"127.0.0.{2 + number // _PER_ADDRESS}"
    async with gate, asyncio.timeout(_PATIENCE_SECONDS):
        chat = await connect(address, local_addr=(source, 0), compression=None, ping_interval=None, open_timeout=None)
        await chat.send('{"type": "hello", "token": null, "after": 0, "language": "en"}')
        while (frame := json.loads(await chat.recv()))["type"] != "entry" or frame["from"] != "bot":
            pass
    return chat


if __name__ == "__main__":
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    asyncio.run(main(*sys.argv[1:]))
