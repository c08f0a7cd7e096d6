"""Where a line lives: the one server there is, or the node of a cluster that has the slot of the line's keys.

A cluster's address names any of its nodes: `redis+cluster://NAME:PASSWORD@HOST:PORT,HOST:PORT` (`rediss+cluster` with
TLS). Who has which slot is asked anew for every new connection, by redis-py's own cluster client, of the nodes that the
address names and of those found before; a node that says `MOVED` is believed at once.
"""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from redis.asyncio.cluster import ClusterNode, RedisCluster
from redis.exceptions import ClusterError, MovedError, RedisClusterException
from redis.exceptions import ConnectionError as ConnectionLost

_MARK = "+cluster"
_PORT = 6379
_NODE_SECONDS = 0.5
"""How long one node may take to say who has which slot. Our own choice: a third of what connecting may take."""


class Nodes:
    """Knows the address of the server that has one line now."""

    def __init__(self, url: str, prefix: str) -> None:
        self._url = url
        self._prefix = prefix
        parts = urlsplit(url)
        self._is_cluster = parts.scheme.endswith(_MARK)
        self._scheme = parts.scheme.removesuffix(_MARK)
        login, _, hosts = parts.netloc.rpartition("@")
        self._login = f"{login}@" if login else ""
        self._known = dict.fromkeys(_host_and_port(each) for each in hosts.split(",")) if self._is_cluster else {}

    async def now(self, told: MovedError | None = None) -> str:
        """The address of one server: the one that a node `told`, or the one that the cluster names.

        Raises redis-py's `ConnectionError` when no node says where the line is.
        """
        if not self._is_cluster:
            return self._url
        host, port = (str(told.host), int(told.port)) if told and told.host else await self._asked()
        return f"{self._scheme}://{self._login}{f'[{host}]' if ':' in host else host}:{port}"

    async def _asked(self) -> tuple[str, int]:
        cluster = self._client()
        try:
            await cluster.initialize()
            found = cluster.get_node_from_key(self._prefix)
            self._known.update(dict.fromkeys((each.host, int(each.port)) for each in cluster.get_nodes()))
        except (RedisClusterException, ClusterError) as failure:
            raise ConnectionLost(f"no node of the cluster says where the line is ({failure})") from None
        finally:
            await cluster.aclose()
        if found is None:
            raise ConnectionLost("no node of the cluster has the line's slot")
        return found.host, int(found.port)

    def _client(self) -> RedisCluster:
        name, _, secret = self._login.rstrip("@").partition(":")
        return RedisCluster(
            startup_nodes=[ClusterNode(host, port) for host, port in self._known],
            require_full_coverage=False,
            username=unquote(name) or None,
            password=unquote(secret) or None,
            ssl=self._scheme == "rediss",
            protocol=2,
            socket_connect_timeout=_NODE_SECONDS,
            socket_timeout=_NODE_SECONDS,
        )


def _host_and_port(text: str) -> tuple[str, int]:
    parts = urlsplit(f"//{text}")
    return parts.hostname or "localhost", parts.port or _PORT
