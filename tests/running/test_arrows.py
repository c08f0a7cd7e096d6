from __future__ import annotations

import pytest
from grimp import ImportGraph

from tests.running.arrows import OnlyKnows


def _kept(*imports: tuple[str, str]) -> bool:
    graph = ImportGraph()
    for module in {each for pair in imports for each in pair}:
        graph.add_module(module)
    for importer, imported in imports:
        graph.add_import(importer=importer, imported=imported)
    options = {"sources": ["house.core"], "package": "house", "may_know": ["house.ports"]}
    contract = OnlyKnows(name="core", session_options={"root_packages": ["house"]}, contract_options=options)
    return contract.check(graph, verbose=False).kept


@pytest.mark.parametrize("imported", ["house.core", "house.core.queue", "house.ports", "house.ports.more", "elsewhere"])
def test_itself_what_is_allowed_and_other_packages_may_be_known(imported: str) -> None:
    assert _kept(("house.core.risk", imported))


@pytest.mark.parametrize("imported", ["house.store", "house.portside", "house"])
def test_a_module_that_nobody_thought_of_may_not_be_known(imported: str) -> None:
    assert not _kept(("house.core.risk", imported))


def test_others_may_know_what_they_like() -> None:
    assert _kept(("house.main", "house.store"), ("house.corepart", "house.store"))
