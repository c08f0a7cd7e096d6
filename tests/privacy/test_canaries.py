"""Words that exist nowhere else, sent through everything: afterwards they are in no file, log, figure or report.

What the real bot keeps is looked through in `tests/journey/test_with_the_real_bot.py`; that the search finds what it
looks for, in `test_searching.py`.
"""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
import redis as redis_client

from connectors.slack.names import Action, Modal
from tests.conftest import RedisProcess
from tests.emulators.slack import SlackWorld
from tests.emulators.telegram import TelegramWorld
from tests.journey.line import eventually
from tests.journey.processes import ROOT, OwnLine, StandInBot, own_line
from tests.platforms.both import SOCKET, both_settings, on_the_roster, reach
from tests.platforms.people import talk_of
from tests.privacy.data_map import kind_of
from tests.privacy.searching import found_below, found_in
from tests.store.test_sealed import everything_in

pytestmark = pytest.mark.asyncio(loop_scope="session")
TOKEN = "metrics-token-of-the-tests"
NAME, HANDLE, PHONE, CHAT = "Zephrinété", "quillfeather_canaryé", "+447700900417", 8_812_345_672
_ROOTS = (
    "web", "again", "plan", "deep", "crisis", "note", "supporter", "raised", "feedback", "telegram", "caption", "voice",
    "document", "filename", "slack", "escalated", "crash", "typing",
)  # fmt: skip


def canary(place: str) -> str:
    """A word for one place: long enough that nothing holds it by chance, with a letter that is not ASCII."""
    return f"{place[::-1]}xqvé{place}kzw"


CANARIES = {each: canary(each) for each in _ROOTS}
ALL = (*CANARIES.values(), NAME, HANDLE, PHONE, str(CHAT))


@dataclass(frozen=True, slots=True)
class Scene:
    line: OwnLine
    slack: SlackWorld
    telegram: TelegramWorld
    redis: RedisProcess

    def warmline(self, *command: str) -> str:
        """A command beside the service; everything it printed."""
        program = Path(sys.executable).with_name("warmline")
        environment = self.line.service._environment
        done = subprocess.run([program, *command], cwd=ROOT, env=environment, capture_output=True, text=True)
        return done.stdout + done.stderr


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def scene(
    redis: RedisProcess, bot: StandInBot, telegram: TelegramWorld, slack: SlackWorld,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Scene]:  # fmt: skip
    folder = tmp_path_factory.mktemp("canaries")
    settings = both_settings(folder, redis.url, bot.url, telegram, slack, line="canaries", log_level="DEBUG")
    async with own_line(settings, WARMLINE_METRICS_TOKEN=TOKEN) as running:
        await reach(slack, settings, SOCKET)
        yield Scene(running, slack, telegram, redis)


async def on_the_web(scene: Scene) -> None:
    """A page, a desk, a plan, a crisis, notes, and what was said at the end."""
    line = scene.line
    mira, noor = await line.hire("Mira", lead=True), await line.hire("Noor")
    async with line.seeker(country="GB") as seeker, line.desk(mira) as desk, line.desk(noor) as other:
        await seeker.say(f"so quiet {CANARIES['web']}")
        await seeker.hears(f"I heard: so quiet {CANARIES['web']}")
        await seeker.say("/plan")
        before = seeker.last
        await seeker.say(f"when {CANARIES['plan']} comes")
        await seeker.hears("", after=before + 1)
        await seeker.tap("warmline:person", "I want a person")
        talk = seeker.conversation
        await desk.accept(talk)
        await seeker.send("typing")
        await desk.say(talk, f"I am here {CANARIES['supporter']}")
        await seeker.hears(CANARIES["supporter"])
        await desk.ask("note", conversation=talk, text=f"seems {CANARIES['note']}")
        said = await seeker.say(f"I want to kill myself {CANARIES['crisis']}")
        await desk.hears(talk, CANARIES["crisis"])
        await desk.ask("flag", conversation=talk, seq=said["seq"], verdict="missed_risk")
        await desk.ask("raise", conversation=talk, tier=5, why=f"because {CANARIES['raised']}")
        await desk.ask("transfer", conversation=talk, to=noor, note=CANARIES["note"])
        await other.ask("note", conversation=talk, text=f"took over {CANARIES['again']}")
        for who in (desk, other):
            await who.ask("close", conversation=talk, outcome="supported")
        given = {"conversation": talk, "rating": 4, "words": f"it was {CANARIES['feedback']}", "review": True}
        assert (await seeker.ask("feedback", **given))["type"] == "ok"
        await line.recorded("feedback", conversation=talk)
    async with httpx.AsyncClient(timeout=60) as client:
        said_there = {"messages": [{"role": "user", "text": f"a widget {CANARIES['deep']}"}]}
        assert (await client.post(f"{line.url}/chat/deep", json=said_there)).status_code == 200


async def on_telegram_and_slack(scene: Scene) -> None:
    """A person with a name and a number, their files, and a supporter who types in Slack."""
    slack, person = scene.slack, scene.telegram.person(NAME, CHAT, HANDLE)
    ana, lou = slack.member("ana"), slack.member("lou")
    await on_the_roster(scene.line, slack, ana)
    await on_the_roster(scene.line, slack, lou, lead=True)
    await ana.runs("/warmline", "available")
    await person.writes(f"/start {CANARIES['telegram']}")
    await person.writes(f"hello {CANARIES['telegram']}")
    await person.sees(f"I heard: hello {CANARIES['telegram']}")
    await person.writes("/talk")
    await person.sees("I'm looking for a supporter")
    short = (await talk_of(scene.line, person)).pseudonym[:4]
    card = await slack.sees(slack.queue, short)
    await ana.clicks(slack.queue, card["ts"], Action.QUEUE_ACCEPT)
    channel, thread = await ana.thread_about(short)
    await ana.writes(channel, f"I read you {CANARIES['slack']}", thread)
    await person.sees(CANARIES["slack"])
    text = f"a letter {CANARIES['document']}".encode()
    await person.sends_document(text, f"{CANARIES['filename']}.txt")
    await slack.sees(channel, "sent a document", thread)
    await person.sends(contact={"phone_number": PHONE, "first_name": NAME})
    await person.sees("other people's contacts")
    await ana.clicks(channel, thread, Action.ESCALATE)
    await ana.submits(Modal.ESCALATE, why=f"please look {CANARIES['escalated']}")
    await person.writes("/export")
    await person.gets("document")


async def breaks_while_handling(scene: Scene) -> None:
    """What is kept of a talk is damaged, so that handling the next words ends in an exception nobody expected."""
    async with scene.line.seeker() as seeker:
        await seeker.say("hello there")
        await seeker.hears("I heard: hello there")
        key = f"{{canaries}}:conversation:{seeker.conversation}"
        with redis_client.Redis.from_url(scene.redis.url) as client:
            client.hset(key, "r", b"damaged, and no word of anybody")
        await seeker.send("say", id="last", text=f"still there {CANARIES['crash']}")

        async def told() -> bool:
            return any("SealBroken" in each.read_text() for each in (scene.line.var / "log").glob("*.log"))

        await eventually(told, "the fault is in the log")
        with redis_client.Redis.from_url(scene.redis.url) as client:
            client.delete(key)


async def test_no_canary_lies_in_any_file_log_figure_or_report(scene: Scene) -> None:
    await on_the_web(scene)
    await on_telegram_and_slack(scene)
    await breaks_while_handling(scene)
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        figures = await client.get(f"{scene.line.url}/metrics")
        health = await client.get(f"{scene.line.url}/healthz")
    assert figures.status_code == 200
    assert "warmline" in figures.text
    doctor = await asyncio.to_thread(scene.warmline, "doctor")
    keys = await asyncio.to_thread(scene.warmline, "keys", "status", "--full")
    reviews = await asyncio.to_thread(scene.warmline, "review", "list")
    assert "sample" in reviews or "missed risk" in reviews
    for told in (figures.text, health.text, doctor, keys, reviews):
        assert found_in(told.encode(), ALL) == []
    with redis_client.Redis.from_url(scene.redis.url) as client:
        client.config_set("rdbcompression", "no")
        client.save()
    assert found_in(everything_in(scene.redis.url), ALL) == []
    folder = scene.redis.server.folder
    assert {each.suffix for each in folder.rglob("*.*f")} | {each.suffix for each in folder.rglob("*.rdb")} >= {".rdb"}
    assert any(each.suffix == ".aof" for each in folder.rglob("*"))
    assert found_below(folder, ALL) == []
    var = scene.line.var
    files = {str(each.relative_to(var)) for each in var.rglob("*") if each.is_file() and not each.is_symlink()}
    assert {"warmline.db", "log/service.log", "log/warmline.log"} <= files
    assert found_below(var, ALL) == []
    assert [each for each in files if kind_of(each) is None] == [], "a file that the data map does not have"


async def test_what_was_sent_can_still_be_read_with_the_keys(scene: Scene) -> None:
    """So that the search above looked through what really holds the words."""
    talk = await scene.line.conversation_with(f"so quiet {CANARIES['web']}")
    row = await scene.line.recorded("transcripts", conversation=talk)
    assert CANARIES["crisis"] in str(scene.line.opened(row["words"]))
    assert scene.line.rows("files"), "the document is there"
    assert scene.line.rows("reviews"), "what was marked is there"


async def test_an_operator_erases_a_person_out_of_a_running_line_slack_included(scene: Scene) -> None:
    person = scene.telegram.person(NAME, CHAT, HANDLE)
    talk, slack = await talk_of(scene.line, person), scene.slack
    said = await asyncio.to_thread(scene.warmline, "erase", "telegram", str(CHAT), "--yes", "--by", "kim")
    assert "Erased from the store" in said, said
    assert found_in(said.encode(), ALL) == []
    assert await scene.line.store.conversation(talk.id) is None
    assert await scene.line.keys(talk.pseudonym) == []
    tables = ("seekers", "consents", "conversations", "transcripts", "reviews", "messages")
    assert [each for table in tables for each in scene.line.rows(table, pseudonym=talk.pseudonym)] == []
    assert scene.line.rows("files", conversation=talk.id) == []
    assert [row["actor"] for row in scene.line.rows("audit", action="erased")] == ["kim"]
    await person.sees("is being deleted everywhere")
    direct = await slack.member("ana").direct()

    async def taken_back() -> bool:
        shown = str([await slack.messages(direct), await slack.messages(slack.queue)])
        return talk.pseudonym[:4] not in shown and CANARIES["telegram"] not in shown

    await eventually(taken_back, "Slack shows nothing of them any more")
    await slack.sees(slack.leads, "asked for everything to be deleted")


async def test_a_service_that_is_aborted_leaves_no_image_of_its_memory(scene: Scene) -> None:
    service = scene.line.service
    process = service._process
    assert process is not None
    limits = Path(f"/proc/{process.pid}/limits").read_text()
    (core,) = [line for line in limits.splitlines() if line.startswith("Max core file size")]
    assert core.split()[4:6] == ["0", "0"]
    before = {each.name for each in ROOT.iterdir()}
    service.stop(signal.SIGABRT)
    assert {each.name for each in ROOT.iterdir()} - before == set()
    assert found_below(scene.line.var, ALL) == []
    await service.start()
