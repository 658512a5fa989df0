"""Contracts that import-linter does not bring along; `pyproject.toml` says where they hold."""

from collections.abc import Sequence
from graphlib import CycleError, TopologicalSorter

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class NoCycles(Contract):
    """Modules can be put in an order in which each imports earlier ones only, imports for typing included."""

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001, RUF100 - their signature
        """Kept unless some modules stand in a circle."""
        imported = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
        try:
            TopologicalSorter(imported).prepare()
        except CycleError as error:
            return ContractCheck(kept=False, metadata={"circle": error.args[1]})
        return ContractCheck(kept=True)

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name the circle, each module followed by the one that imports it."""
        output.print_error(" <- ".join(check.metadata["circle"]))


class Foundation(Contract):
    """On a floor, these modules import one another and nothing else of it: whatever is added later stands on them."""

    floor = fields.StringField()
    modules: Sequence[str] = fields.ListField(subfield=fields.StringField())  # type: ignore[assignment]  # a descriptor

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001, RUF100 - their signature
        """Kept unless one of the modules reaches up."""
        up = [
            f"{module} -> {imported}"
            for module in sorted(filter(self._is_foundation, graph.modules))
            for imported in sorted(graph.find_modules_directly_imported_by(module))
            if imported.startswith(f"{self.floor}.") and not self._is_foundation(imported)
        ]
        return ContractCheck(kept=not up, metadata={"up": up})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name every import that reaches up."""
        for each in check.metadata["up"]:
            output.print_error(each)

    def _is_foundation(self, module: str) -> bool:
        return any(module == each or module.startswith(f"{each}.") for each in self.modules)


class Rooms(Contract):
    """The rooms of a floor know of one another what is listed, and each thing that is listed is needed.

    `allowed` are imports as `importer -> imported`, both without the name of the floor.
    """

    floor = fields.StringField()
    allowed: Sequence[str] = fields.ListField(subfield=fields.StringField())  # type: ignore[assignment]  # a descriptor

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001, RUF100 - their signature
        """Kept while what rooms import of one another is what is listed."""
        rooms = {each for each in graph.modules if each.count(".") == 1 and f"{each}.room" in graph.modules}
        found = {
            f"{importer.partition('.')[2]} -> {imported.partition('.')[2]}"
            for importer in graph.modules
            for imported in graph.find_modules_directly_imported_by(importer)
            if (room := _room(importer)) in rooms and (other := _room(imported)) in rooms and room != other
        }
        new, gone = sorted(found - set(self.allowed)), sorted(set(self.allowed) - found)
        return ContractCheck(kept=not new and not gone, metadata={"new": new, "gone": gone})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name what is not listed, and what need not be listed any more."""
        for each in check.metadata["new"]:
            output.print_error(f"{each}: is not listed; what is general stands beside the rooms")
        for each in check.metadata["gone"]:
            output.print_error(f"{each}: is listed, and nothing needs it")


def _room(module: str) -> str:
    return ".".join(module.split(".")[:2])
