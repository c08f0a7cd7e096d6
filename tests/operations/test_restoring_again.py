"""A restore that breaks off midway, run once more: whoever was erased stays erased."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from handoff.backup.failures import BackupFailed
from handoff.backup.restoring import Restored, restore
from handoff.backup.taking import take
from handoff.house import make_erased, make_sealer
from handoff.settings import Settings
from handoff.store.copying import CopyRefused, LineKeys
from handoff.store.redis import RedisStore
from tests.store.making import a_conversation, an_entry, opened, save


@pytest.fixture
def settings(make_settings: Callable[..., Settings], redis_url: str) -> Settings:
    return make_settings(redis_url=redis_url)


async def opened_store(settings: Settings) -> RedisStore:
    return await RedisStore.connect(settings.redis_url, settings.line, settings.policy(), make_sealer(settings))


async def a_talk_copied_and_erased(settings: Settings, copy: Path, *, listed: bool) -> float:
    """Somebody's talk, a copy of it, and then their erasure; when that was."""
    store, at = await opened_store(settings), time.time()
    for who in ("ana", "ben"):
        await opened(store, a_conversation(f"c-{who}", who))
        await save(store, feed=((f"p-{who}", an_entry(1, f"c-{who}")),))
    await take(settings, copy)
    erased = make_erased(settings)
    gone = {erased.hidden("p-ana"): at}
    await erased.remember(store, gone, at)
    if listed:
        erased.write(gone, at)
    await store.erase("p-ana", "c-ana")
    await store.close()
    return at


async def kept(settings: Settings) -> list[str]:
    """Whose talks there are."""
    store = await opened_store(settings)
    found = [who for who in ("ana", "ben") if await store.conversation(f"c-{who}") is not None]
    await store.close()
    return found


async def breaks(_: LineKeys, __: object) -> int:
    raise CopyRefused("Redis refuses the copy (ERR).")


async def broken_and_run_again(settings: Settings, copy: Path, monkeypatch: pytest.MonkeyPatch) -> Restored:
    with monkeypatch.context() as patched:
        patched.setattr(LineKeys, "put_back", breaks)
        with pytest.raises(BackupFailed, match="--replace"):
            await restore(settings, copy, replace=True)
    assert await kept(settings) == []
    return await restore(settings, copy, replace=True)


async def test_whoever_only_the_replaced_store_knew_to_be_erased_stays_erased(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = await a_talk_copied_and_erased(settings, tmp_path / "copy", listed=False)
    done = await broken_and_run_again(settings, tmp_path / "copy", monkeypatch)
    assert (done.listed, done.erased_again) == (1, 1)
    assert await kept(settings) == ["ben"]
    assert make_erased(settings).since(0, ()) == {make_erased(settings).hidden("p-ana"): round(at)}


async def test_an_old_erasure_is_not_dated_anew(settings: Settings, tmp_path: Path) -> None:
    at = await a_talk_copied_and_erased(settings, tmp_path / "copy", listed=True)
    for _ in range(2):
        await restore(settings, tmp_path / "copy", replace=True)
    store = await opened_store(settings)
    known = await make_erased(settings).known_to(store, ["p-ana", "p-ben"], 0)
    await store.close()
    assert known == {make_erased(settings).hidden("p-ana"): pytest.approx(at, abs=1)}
    assert len((settings.var / "erased.list").read_text().splitlines()) == 1
