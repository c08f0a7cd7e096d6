"""The real bot, while it is still asleep: what somebody writes is answered once it is awake."""

from __future__ import annotations

import os
import signal

import pytest

from handoff.core.entries import Speaker
from tests.journey.processes import MakeRun

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("rasa")]


async def test_words_written_before_the_bot_is_awake_are_answered_once_it_is_and_nothing_is_lost(run: MakeRun) -> None:
    for pid in run.pids("rasa run"):
        os.kill(pid, signal.SIGKILL)
    line = run.line()
    async with line.seeker(country="GB") as seeker:
        first = await seeker.say("hello, is somebody there")
        await seeker.hears("I'm just waking up", speaker="system", after=first["seq"])
        second = await seeker.say("i can wait")
        await run.awake()
        await seeker.until(
            lambda each: each["type"] == "entry" and each["from"] == "bot" and each["seq"] > second["seq"]
        )
        await seeker.tap("/consent_yes", "Yes, that's okay")
        await seeker.hears("What would you like to be called?", speaker="bot")
        said = await line.said(seeker.conversation, Speaker.SEEKER)
        assert said == ["hello, is somebody there", "i can wait", "Yes, that's okay"]
        told = await line.said(seeker.conversation, Speaker.SYSTEM)
        assert sum("waking up" in each for each in told) == 1
    await line.close()
