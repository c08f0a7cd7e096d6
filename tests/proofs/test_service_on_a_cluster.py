"""A line's service, as a process, on a real cluster: a talk goes on when the line moves to another node."""

from __future__ import annotations

from pathlib import Path

from handoff.core.entries import Speaker
from tests.journey.processes import line_settings, own_line
from tests.proofs.clusters import cluster

NOBODY = "http://127.0.0.1:1"


async def test_a_talk_goes_on_while_its_line_moves(tmp_path: Path) -> None:
    with cluster(3) as made:
        async with own_line(line_settings(tmp_path / "line", made.url, NOBODY, line="north")) as line:
            supporter = await line.hire("Mira")
            async with line.desk(supporter) as desk, line.seeker() as seeker:
                await seeker.tap("warmline:person")
                talk = seeker.conversation
                await desk.accept(talk)
                await seeker.say("before")
                await desk.hears(talk, "before")
                home = made.home_of("north")
                made.move("north", next(node for node in made.nodes if node is not home))
                await desk.say(talk, "I am still here")
                await seeker.hears("I am still here")
                await seeker.say("after")
                await desk.hears(talk, "after")
            assert (await line.said(talk, Speaker.SEEKER))[-2:] == ["before", "after"]
            assert await line.said(talk, Speaker.SUPPORTER) == ["I am still here"]
            await line.close()
