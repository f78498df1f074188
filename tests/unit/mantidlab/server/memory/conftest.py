"""A copy of the files in which the kernel counts a session's memory."""

from collections.abc import Callable
from pathlib import Path

import pytest

LIMIT = 2**30
Write = Callable[..., Path]


@pytest.fixture(params=["version one", "version two"])
def write(request: pytest.FixtureRequest, tmp_path: Path) -> Write:
    """Write them as either version of cgroups has them; returns where cgroups would be seen."""

    def write(*, used: int = 0, limit: int | str = LIMIT, ended: int = 0, met: int = 0, **state: int) -> Path:
        is_one = request.param == "version one"
        folder = tmp_path / "cgroup" / "memory" if is_one else tmp_path / "cgroup"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ("memory.usage_in_bytes" if is_one else "memory.current")).write_text(f"{used}\n")
        (folder / ("memory.limit_in_bytes" if is_one else "memory.max")).write_text(f"{limit}\n")
        (folder / "memory.stat").write_text("".join(f"{name} {number}\n" for name, number in state.items()))
        if is_one:
            (folder / "memory.oom_control").write_text(f"oom_kill_disable 0\nunder_oom 0\noom_kill {ended}\n")
        else:
            (folder / "memory.events").write_text(f"low 0\nhigh 0\nmax 9\noom {met}\noom_kill {ended}\n")
        return tmp_path / "cgroup"

    return write


@pytest.fixture
def is_version_two(request: pytest.FixtureRequest) -> bool:
    return "version two" in request.node.name
