"""A real cluster: three nodes with a third of the slots each, and replicas where they are wanted."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import redis
from redis.crc import key_slot

from handoff.running.ports import free_port
from tests.proofs.servers import Server, servers

SLOTS = 16384
_PATIENCE = 60.0
_NODE_TIMEOUT_MS = "1500"


class Cluster:
    """Running nodes that know each other."""

    def __init__(self, nodes: Sequence[Server]) -> None:
        self.nodes = list(nodes)

    @property
    def url(self) -> str:
        """Two of its nodes, as a line's settings would name some of them."""
        return "redis+cluster://" + ",".join(f"127.0.0.1:{each.port}" for each in self.nodes[:2])

    def ask(self, node: Server, *command: str | int) -> Any:
        with redis.Redis(port=node.port, decode_responses=True) as client:
            return client.execute_command(*command)

    def id_of(self, node: Server) -> str:
        return str(self.ask(node, "CLUSTER", "MYID"))

    def home_of(self, line: str) -> Server:
        """The node that has a line's slot."""
        slot = slot_of(line)
        for first, last, master, *_ in self.ask(self._alive(), "CLUSTER", "SLOTS"):
            if first <= slot <= last:
                return next(each for each in self.nodes if each.port == master[1])
        raise AssertionError("no node has the slot")

    def keys(self, node: Server) -> list[str]:
        return list(self.ask(node, "KEYS", "*"))

    def replicate(self, replica: Server, master: Server) -> None:
        """`replica` copies `master` from now on, and has all of it."""
        self.ask(replica, "CLUSTER", "REPLICATE", self.id_of(master))
        self.until(lambda: "master_link_status:up" in str(self._raw_info(replica)))
        self.ask(master, "SET", _key_of(self, master), "copied")
        self.until(lambda: self.ask(master, "WAIT", 1, 500) == 1)

    def move(self, line: str, to: Server, while_half_way: Callable[[], None] | None = None) -> None:
        """The slot of a line goes to another node, key by key."""
        source, slot = self.home_of(line), slot_of(line)
        self.ask(to, "CLUSTER", "SETSLOT", slot, "IMPORTING", self.id_of(source))
        self.ask(source, "CLUSTER", "SETSLOT", slot, "MIGRATING", self.id_of(to))
        keys = self.ask(source, "CLUSTER", "GETKEYSINSLOT", slot, 100_000)
        self._hand_over(source, to, keys[: len(keys) // 2])
        if while_half_way is not None:
            while_half_way()
        self._hand_over(source, to, keys[len(keys) // 2 :])
        for node in (to, source, *self.nodes):
            self.ask(node, "CLUSTER", "SETSLOT", slot, "NODE", self.id_of(to))

    def until(self, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + _PATIENCE
        while not condition():
            assert time.monotonic() < end, "the cluster did not come to this"
            time.sleep(0.05)

    def _hand_over(self, source: Server, to: Server, keys: Sequence[str]) -> None:
        if keys:
            self.ask(source, "MIGRATE", "127.0.0.1", to.port, "", 0, 5000, "KEYS", *keys)

    def _raw_info(self, node: Server) -> str:
        with redis.Redis(port=node.port) as client:
            return "\n".join(f"{key}:{value}" for key, value in client.info("replication").items())

    def _alive(self) -> Server:
        return next(each for each in self.nodes if each.process is not None)


def slot_of(line: str) -> int:
    return key_slot(f"{{{line}}}".encode())


def _key_of(cluster: Cluster, node: Server) -> str:
    """A name that lies in one of this node's slots."""
    names = (f"name{n}" for n in range(100_000))
    mine = [
        (first, last) for first, last, master, *_ in cluster.ask(node, "CLUSTER", "SLOTS") if master[1] == node.port
    ]
    return next(each for each in names if any(a <= key_slot(each.encode()) <= b for a, b in mine))


@contextmanager
def cluster(masters: int = 3, spare: int = 0) -> Iterator[Cluster]:
    """`masters` nodes with the slots between them, and `spare` ones that know them."""
    with ExitStack() as running:
        nodes: list[Server] = []
        for _ in range(masters + spare):
            also = (
                *("--cluster-enabled", "yes", "--cluster-node-timeout", _NODE_TIMEOUT_MS),
                *("--cluster-port", str(free_port()), "--repl-diskless-sync-delay", "0"),
            )
            nodes += running.enter_context(servers(1, also=also))
        made = Cluster(nodes)
        share = SLOTS // masters
        for place, node in enumerate(nodes[:masters]):
            last = SLOTS - 1 if place == masters - 1 else (place + 1) * share - 1
            made.ask(node, "CLUSTER", "ADDSLOTSRANGE", place * share, last)
            made.ask(node, "CLUSTER", "SET-CONFIG-EPOCH", place + 1)
        for node in nodes[1:]:
            made.ask(nodes[0], "CLUSTER", "MEET", "127.0.0.1", node.port, _bus_of(made, node))
        made.until(lambda: all(_is_ready(made, node) for node in nodes))
        yield made


def _bus_of(made: Cluster, node: Server) -> int:
    return int(made.ask(node, "CONFIG", "GET", "cluster-port")["cluster-port"])


def _is_ready(made: Cluster, node: Server) -> bool:
    with redis.Redis(port=node.port, decode_responses=True) as client:
        about = client.cluster("info")
        return about["cluster_state"] == "ok" and int(about["cluster_known_nodes"]) == len(made.nodes)
