"""A backup rehearsed: a line that runs, a copy, a disaster, the copy back, and two people who go on talking."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from pydantic import SecretStr

from handoff.backup.failures import BackupFailed
from handoff.backup.restoring import restore
from handoff.backup.taking import take
from handoff.core.entries import Speaker
from handoff.ports import Commit, Parcel, StoreDown
from tests.conftest import TEST_KEY, RedisProcess
from tests.journey.line import eventually
from tests.journey.processes import ROOT, OwnLine, StandInBot, line_settings, outside, own_line
from tests.journey.talk import Seeker

pytestmark = pytest.mark.asyncio(loop_scope="session")

CANARY = "the wren on Marrowfen gate"
OTHER_KEY = "YW5vdGhlci1rZXktZm9yLXRlc3RzLW9mLWJhY2t1cCE="


@pytest_asyncio.fixture(loop_scope="session")
async def line(own_redis: RedisProcess, bot: StandInBot, folder: Path) -> AsyncIterator[OwnLine]:
    async with own_line(line_settings(folder, own_redis.url, bot.url)) as running:
        yield running


def warmline(line: OwnLine, *arguments: str, **changed: str) -> tuple[int, str]:
    """A `warmline` command beside the line: its exit code and what it said."""
    environment = {
        **outside(), "REDIS_URL": line.settings.redis_url, "DATABASE_URL": line.settings.database_url,
        "WARMLINE_LINE": line.settings.line, "WARMLINE_VAR": str(line.var), "WARMLINE_KEYS": TEST_KEY,
        "WARMLINE_BOT_TOKEN": "t" * 32, "WARMLINE_SESSION_SECRET": "s" * 64, "WARMLINE_PSEUDONYM_SECRET": "p" * 64,
        **changed,
    }  # fmt: skip
    command = [str(Path(sys.executable).with_name("warmline")), *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


async def a_live_talk(line: OwnLine, name: str) -> Seeker:
    """Somebody in a live conversation, both having written; the pages are closed again."""
    supporter = await line.hire(name)
    seeker = Seeker(line.url)
    await seeker.connect()
    async with line.desk(supporter) as desk:
        await seeker.say(f"before the disaster, {CANARY}")
        await seeker.tap("warmline:person", "I want a person")
        await desk.accept(seeker.conversation)
        await desk.say(seeker.conversation, "I am with you")
        await seeker.hears("I am with you")
    await seeker.leave()
    return seeker


async def recorded(line: OwnLine, conversation: str) -> None:
    pseudonym = (await line.conversation(conversation)).pseudonym

    async def there() -> bool:
        return bool(line.rows("seekers", pseudonym=pseudonym)) and (await line.store.counts())["lanes"] == 0

    await eventually(there, "the records have the seeker, and nothing is on its way")


async def forgotten(line: OwnLine, conversation: str, pseudonym: str) -> None:
    """The service erases somebody."""
    body = {"pseudonym": pseudonym, "conversation": conversation, "after": 0.0, "at": 0.0}
    forget = Parcel("forget-test", f"erase:{pseudonym}", conversation, 0, "forget", body)
    await line.store.commit(Commit(event_id="forget-test", parcels=(forget,)), 0.0)

    async def erased() -> bool:
        known = line.rows("seekers", pseudonym=pseudonym)
        return await line.store.conversation(conversation) is None and not known

    await eventually(erased, "they are erased")


async def disaster(line: OwnLine, redis: RedisProcess) -> None:
    """The machine's disk is gone."""
    line.service.kill()
    redis.kill()
    shutil.rmtree(redis.server.folder)
    for file in line.var.glob("warmline.db*"):
        file.unlink()
    redis.start()
    with suppress(StoreDown):
        await line.store.ping()


async def test_after_a_disaster_the_conversation_goes_on(
    line: OwnLine, own_redis: RedisProcess, tmp_path: Path
) -> None:
    seeker = await a_live_talk(line, "Mira")
    await recorded(line, seeker.conversation)
    before = await line.said(seeker.conversation, Speaker.SEEKER)
    copy = tmp_path / "copy"
    code, said = warmline(line, "backup", str(copy))
    assert code == 0, said
    await seeker.connect()
    await seeker.say("after the copy")
    await seeker.leave()

    await disaster(line, own_redis)
    code, said = warmline(line, "restore", str(copy))
    assert code == 0, said
    assert "is lost" in said
    await line.service.start()

    back = await line.conversation(seeker.conversation)
    assert (back.phase.value, back.supporter_name) == ("live", "Mira")
    assert await line.said(seeker.conversation, Speaker.SEEKER) == before
    assert line.rows("seekers", pseudonym=back.pseudonym)
    again = Seeker(line.url, token=seeker.token)
    await again.connect()
    await again.hears("I am with you")
    async with line.desk(str(back.supporter)) as desk:
        assert (await again.ask("say", id="again-1", text="here I am again"))["type"] == "ok"
        await desk.hears(seeker.conversation, "here I am again")
        about = {"conversation": seeker.conversation, "text": "and so am I"}
        assert (await desk.ask("say", id="again-2", **about))["type"] == "ok"
        await again.hears("and so am I")
    await again.leave()


async def test_nothing_in_a_backup_can_be_read(line: OwnLine, tmp_path: Path) -> None:
    seeker = await a_live_talk(line, "Quillmira")
    await recorded(line, seeker.conversation)
    copy = tmp_path / "copy"
    assert warmline(line, "backup", str(copy))[0] == 0
    known = await line.conversation(seeker.conversation)
    private = [CANARY, "Marrowfen", "Quillmira", seeker.conversation, known.pseudonym, TEST_KEY, "p" * 64, "s" * 64]
    files = [file for file in copy.rglob("*") if file.is_file()]
    assert {file.name for file in files} == {"manifest.json", "store.sealed", "records.sealed"}
    for file in files:
        assert [each for each in private if each.encode() in file.read_bytes()] == []
        assert file.name == "manifest.json" or file.stat().st_mode & 0o077 == 0
    manifest = json.loads((copy / "manifest.json").read_text())
    assert manifest["records"]["rows"]["seekers"] == 1
    assert manifest["keys"]


async def test_whoever_was_erased_after_the_copy_does_not_come_back(
    line: OwnLine, own_redis: RedisProcess, tmp_path: Path
) -> None:
    gone, stays = await a_live_talk(line, "Mira"), await a_live_talk(line, "Noor")
    for each in (gone, stays):
        await recorded(line, each.conversation)
    pseudonym = (await line.conversation(gone.conversation)).pseudonym
    copy = tmp_path / "copy"
    assert warmline(line, "backup", str(copy))[0] == 0
    await forgotten(line, gone.conversation, pseudonym)
    kept_list = (line.var / "erased.list").read_text()
    assert pseudonym not in kept_list
    await disaster(line, own_redis)
    code, said = warmline(line, "restore", str(copy))
    assert code == 0, said
    assert "erased again: 1" in said
    assert await line.store.conversation(gone.conversation) is None
    assert line.rows("seekers", pseudonym=pseudonym) == []
    known = await line.conversation(stays.conversation)
    assert known.phase.value == "live"
    assert line.rows("seekers", pseudonym=known.pseudonym)


async def test_the_store_that_is_replaced_remembers_who_was_erased(line: OwnLine, tmp_path: Path) -> None:
    gone = await a_live_talk(line, "Mira")
    await recorded(line, gone.conversation)
    pseudonym = (await line.conversation(gone.conversation)).pseudonym
    await take(line.settings, tmp_path / "copy")
    await forgotten(line, gone.conversation, pseudonym)
    line.service.stop()
    (line.var / "erased.list").unlink()
    await line.store.close()
    done = await restore(line.settings, tmp_path / "copy", replace=True)
    assert done.erased_again == 1
    assert await line.store.conversation(gone.conversation) is None


async def test_a_backup_is_refused_before_anything_is_touched(line: OwnLine, tmp_path: Path) -> None:
    seeker = await a_live_talk(line, "Mira")
    copy = tmp_path / "copy"
    await take(line.settings, copy)
    with pytest.raises(BackupFailed, match="is not empty"):
        await take(line.settings, copy)

    async def refused(words: str, *, replace: bool = True, **changed: Any) -> None:
        with pytest.raises(BackupFailed, match=words):
            await restore(line.settings.model_copy(update=changed), copy, replace=replace)

    await refused("Stop every process")
    line.service.stop()
    await line.store.close()
    await refused("--replace", replace=False)
    await refused("These keys are missing", keys=SecretStr(OTHER_KEY))
    await refused("stranger", pseudonym_secret=SecretStr("q" * 64))
    await refused("backup of the line", line="another")
    await refused("is sqlite", database_url="postgresql+psycopg://warmline@127.0.0.1:1/none")
    sealed = copy / "store.sealed"
    whole = sealed.read_bytes()
    sealed.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    await refused("checksum")
    sealed.unlink()
    await refused("is missing from the backup")
    (copy / "manifest.json").unlink()
    await refused("is no backup")
    assert (await line.conversation(seeker.conversation)).phase.value == "live"
