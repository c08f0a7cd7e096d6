"""A kind of import contract: modules that may know only some of a package, whatever is added to it later."""

from __future__ import annotations

from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class OnlyKnows(Contract):
    """`sources` and what is below them import, of `package`, nothing but themselves and what is in `may_know`."""

    type_name = "only_knows"

    sources: Any = fields.ListField(subfield=fields.StringField())
    package: Any = fields.StringField()
    may_know: Any = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        allowed = (*self.sources, *self.may_know)
        wrong = [
            (importer, imported)
            for importer in sorted(graph.modules)
            if _is_below(importer, self.sources)
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if _is_below(imported, (self.package,)) and not _is_below(imported, allowed)
        ]
        return ContractCheck(kept=not wrong, metadata={"wrong": wrong})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported in check.metadata["wrong"]:
            output.print_error(f"{importer} imports {imported}")


def _is_below(module: str, parents: tuple[str, ...] | list[str]) -> bool:
    return any(module == parent or module.startswith(f"{parent}.") for parent in parents)
