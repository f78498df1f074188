"""Puts what browsers run into the wheel, building it first where it is missing or out of date."""

import importlib.util
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PLOTS = "mantidlab/plots/static"
PANELS = "mantidlab/server/labextension/static/panels"
PANELS_IN_AN_ENVIRONMENT = "share/jupyter/labextensions/mantidlab/static/panels"


class BundlesHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs before each build of a wheel or a source distribution; an editable install builds nothing."""

    _elsewhere: Path | None = None

    def dependencies(self) -> list[str]:
        """Ask for Node from PyPI where this machine has none and something has to be built."""
        building = self._building()
        if building.is_up_to_date() or building.machine_node() is not None:
            return []
        pinned = (Path(self.root) / "ui" / "node.txt").read_text(encoding="utf-8")
        return [line.split()[0] for line in pinned.splitlines() if "==" in line and not line.startswith("#")]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the bundles unless they are up to date."""
        if version == "editable":
            return
        building = self._building()
        try:
            places = building.build(self.app.display_info)
        except building.BuildFailed as problem:
            self.app.abort(f"error: {problem}")
        if places != building.PLACES:
            self._elsewhere = places["plots"].parent
            self._include(places, build_data)

    def _include(self, places: Mapping[str, Path], build_data: dict[str, Any]) -> None:
        if self.target_name == "sdist":
            build_data["force_include"].update(
                {str(places["plots"]): f"src/{PLOTS}", str(places["panels"]): f"src/{PANELS}"}
            )
        else:
            build_data["force_include"][str(places["plots"])] = PLOTS
            build_data["shared_data"][str(places["panels"])] = PANELS_IN_AN_ENVIRONMENT

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Delete what was built in another place than the sources."""
        if self._elsewhere is not None:
            shutil.rmtree(self._elsewhere, ignore_errors=True)

    def _building(self) -> ModuleType:
        found = importlib.util.spec_from_file_location("mantidlab_ui_building", Path(self.root) / "ui" / "building.py")
        assert found is not None and found.loader is not None  # noqa: S101  (a path that ends with .py)
        module = sys.modules[found.name] = importlib.util.module_from_spec(found)
        found.loader.exec_module(module)
        return module
