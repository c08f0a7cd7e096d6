"""The proxy that makes networks bad does what its faults say, as the platforms' own client libraries see it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from telegram.error import NetworkError, RetryAfter
from telegram.request import HTTPXRequest

from handoff.running.ports import LOOPBACK, free_port
from tests.emulators.proxy import EVERY, Fault, FaultProxy, method_of


class Platform:
    """Takes every call."""

    def __init__(self) -> None:
        self.url = f"http://{LOOPBACK}:{free_port()}"
        self.taken: list[str] = []

    async def take(self, request: web.Request) -> web.Response:
        await request.read()
        self.taken.append(method_of(request.path))
        return web.json_response({"ok": True, "result": True, "asked": request.path_qs})


@pytest_asyncio.fixture
async def platform() -> AsyncIterator[Platform]:
    platform = Platform()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", platform.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, LOOPBACK, int(platform.url.rpartition(":")[2])).start()
    yield platform
    await runner.cleanup()


@pytest_asyncio.fixture
async def proxy(platform: Platform) -> AsyncIterator[FaultProxy]:
    async with FaultProxy(platform.url, seed=7) as proxy:
        yield proxy


def slack(proxy: FaultProxy) -> AsyncWebClient:
    return AsyncWebClient("xoxb-1", base_url=f"{proxy.url}/api/", retry_handlers=[])


async def delete_on_telegram(proxy: FaultProxy) -> object:
    async with HTTPXRequest() as http:
        return await http.post(f"{proxy.url}/bot1:token/deleteMessage")


async def status_of(proxy: FaultProxy, method: str) -> int:
    async with aiohttp.ClientSession() as http, http.post(f"{proxy.url}/api/{method}") as answer:
        return answer.status


async def test_a_call_passes_as_it_came(proxy: FaultProxy, platform: Platform) -> None:
    answer = await slack(proxy).conversations_replies(channel="C1", ts="1.2")
    assert answer["asked"].startswith("/api/conversations.replies?")
    assert "ts=1.2" in answer["asked"]
    assert proxy.count("conversations.replies") == 1
    assert not proxy.faults()


async def test_slack_reads_its_limit_in_a_header(proxy: FaultProxy, platform: Platform) -> None:
    proxy.fails("chat.postMessage", Fault.LIMITED, times=2, seconds=3)
    for _ in range(2):
        with pytest.raises(SlackApiError) as refused:
            await slack(proxy).chat_postMessage(channel="C1", text="hello")
        assert refused.value.response.status_code == 429
        assert refused.value.response.headers["Retry-After"] == "3"
    await slack(proxy).chat_postMessage(channel="C1", text="hello")
    assert platform.taken == ["chat.postMessage"]
    assert proxy.faults() == {Fault.LIMITED: 2}


async def test_telegram_reads_its_limit_in_the_answer(
    proxy: FaultProxy, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    proxy.fails("deleteMessage", Fault.LIMITED, seconds=4)
    with pytest.raises(RetryAfter) as limited:
        await delete_on_telegram(proxy)
    assert limited.value.retry_after == timedelta(seconds=4)
    assert await delete_on_telegram(proxy) is True
    assert platform.taken == ["deleteMessage"]


@pytest.mark.parametrize("fault", [Fault.BROKEN, Fault.GATEWAY, Fault.RESET, Fault.UNSENT])
async def test_nothing_arrives_when_a_call_fails_on_the_way(
    proxy: FaultProxy, platform: Platform, fault: Fault
) -> None:
    proxy.fails(EVERY, fault, times=2)
    with pytest.raises(NetworkError):
        await delete_on_telegram(proxy)
    with pytest.raises((SlackApiError, aiohttp.ClientError)):
        await slack(proxy).chat_postMessage(channel="C1", text="hello")
    assert platform.taken == []
    assert [call.taken for call in proxy.calls] == [False, False]


@pytest.mark.parametrize("fault", [Fault.LOST, Fault.LATE_GATEWAY])
async def test_the_platform_has_a_call_whose_answer_was_lost(
    proxy: FaultProxy, platform: Platform, fault: Fault
) -> None:
    proxy.fails("chat.postMessage", fault)
    with pytest.raises((SlackApiError, aiohttp.ClientError)):
        await slack(proxy).chat_postMessage(channel="C1", text="hello")
    assert platform.taken == ["chat.postMessage"]
    assert (proxy.calls[0].fault, proxy.calls[0].taken, proxy.calls[0].status) == (fault, True, 200)


async def test_a_client_that_waits_too_short_gives_up_on_a_slow_answer(proxy: FaultProxy, platform: Platform) -> None:
    proxy.fails("chat.postMessage", Fault.SLOW, seconds=5)
    hasty = AsyncWebClient("xoxb-1", base_url=f"{proxy.url}/api/", retry_handlers=[], timeout=1)
    with pytest.raises(TimeoutError):
        await hasty.chat_postMessage(channel="C1", text="hello")
    assert platform.taken == ["chat.postMessage"]


async def test_the_same_seed_strikes_the_same_calls(platform: Platform) -> None:
    struck = []
    for _ in range(2):
        async with FaultProxy(platform.url, seed=3) as proxy:
            proxy.fails(EVERY, Fault.BROKEN, chance=0.5)
            struck.append([await status_of(proxy, "chat.update") for _ in range(20)])
            proxy.heals()
            assert await status_of(proxy, "chat.update") == 200
    assert struck[0] == struck[1]
    assert set(struck[0]) == {200, 500}


async def test_plans_for_one_method_come_one_after_the_other(proxy: FaultProxy) -> None:
    proxy.fails("chat.update", Fault.BROKEN)
    proxy.fails("chat.update", Fault.GATEWAY)
    assert [await status_of(proxy, "chat.update") for _ in range(3)] == [500, 502, 200]
    assert await status_of(proxy, "chat.delete") == 200
