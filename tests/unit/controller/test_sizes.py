"""Only what a host can give is offered, and there is always something."""

import pytest

from mantidhub.controller.sizes import Host, Sizes
from mantidhub.settings.model import SessionSettings

GIB = 2**30


@pytest.mark.parametrize(
    ("host", "offered", "usual"),
    [
        (Host(memory=64 * GIB, cores=8), ["small", "medium", "large"], "medium"),
        (Host(memory=64 * GIB, cores=2), ["small", "medium"], "medium"),
        (Host(memory=3 * GIB, cores=8), ["small"], "small"),
        (Host(memory=1 * GIB, cores=1), ["small"], "small"),
    ],
)
def test_the_sizes_that_ship_fit_every_host(host: Host, offered: list[str], usual: str):
    sizes = Sizes.that_fit(SessionSettings(), host)
    assert [size.name for size in sizes.offered] == offered
    assert {size.name for size in sizes.too_large} == {"small", "medium", "large"} - set(offered)
    assert sizes.usual.name == usual


def test_the_size_of_the_settings_is_the_usual_one_and_where_it_does_not_fit_the_largest_that_does():
    settings = SessionSettings.model_validate(
        {
            "size": "b",
            "sizes": {
                name: {"title": name, "memory": f"{memory} GiB", "cpus": 1.0}
                for name, memory in (("c", 3), ("a", 1), ("b", 8))
            },
        }
    )
    assert Sizes.that_fit(settings, Host(8 * GIB, 1)).usual.name == "b"
    assert Sizes.that_fit(settings, Host(4 * GIB, 1)).usual.name == "c"


def test_this_machine_has_something():
    here = Host.here()
    assert here.memory > 0 and here.cores >= 1
