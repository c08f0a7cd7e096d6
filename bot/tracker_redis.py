"""The Redis that keeps the bot's memory, by its address: one server, or a cluster in which each key has its node.

`redis+cluster://NAME:PASSWORD@HOST:PORT,HOST:PORT` (`rediss+cluster` with TLS) names any nodes of a cluster, as for the
service; redis-py's cluster client finds the one that has a key and follows it.
"""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import redis.asyncio
from redis.asyncio.cluster import ClusterNode, RedisCluster
from redis.exceptions import RedisClusterException, RedisError

FAILURES = (RedisError, RedisClusterException, OSError)
"""How it fails; a cluster's own failures are no RedisError."""

_MARK = "+cluster"
_SECONDS = 3
_PORT = 6379


def keeper(url: str) -> redis.asyncio.Redis | RedisCluster:
    """A client for the address; connects when it is first used."""
    parts = urlsplit(url)
    if not parts.scheme.endswith(_MARK):
        return redis.asyncio.Redis.from_url(
            url, socket_timeout=_SECONDS, socket_connect_timeout=_SECONDS, health_check_interval=30
        )
    login, _, hosts = parts.netloc.rpartition("@")
    name, _, secret = login.partition(":")
    return RedisCluster(
        startup_nodes=[_node(each) for each in hosts.split(",")],
        require_full_coverage=False,
        username=unquote(name) or None,
        password=unquote(secret) or None,
        ssl=parts.scheme == "rediss" + _MARK,
        socket_timeout=_SECONDS,
        socket_connect_timeout=_SECONDS,
    )


def _node(text: str) -> ClusterNode:
    parts = urlsplit(f"//{text}")
    return ClusterNode(parts.hostname or "localhost", parts.port or _PORT)
