"""Every command is explained to administrators, with each of its options."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from mantidhub.cli import main

PAGE = (Path(__file__).parents[2] / "docs" / "administrator.md").read_text()
TABLE = PAGE[PAGE.index("## Commands") : PAGE.index("## Settings")]
EVERYWHERE = {"--config", "--state", "--help"}


def commands(group: click.Group, path: str = "mantidhub") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


@pytest.mark.parametrize(("path", "command"), [pytest.param(*one, id=one[0]) for one in commands(main)])
def test_it_has_a_row_that_names_its_options(path: str, command: click.Command) -> None:
    rows = [row for row in TABLE.splitlines() if re.match(rf"\| `{path}[` \]]", row)]
    assert len(rows) == 1, f"{path} has {len(rows)} rows in docs/administrator.md"
    options = {name for option in command.params if isinstance(option, click.Option) for name in option.opts}
    missing = [name for name in options - EVERYWHERE if name not in rows[0]]
    assert not missing, f"the row of {path} does not name {missing}"


@pytest.mark.parametrize(("path", "command"), [pytest.param(*one, id=one[0]) for one in commands(main)])
def test_it_takes_the_configuration_and_the_state_folder_and_says_what_it_does(
    path: str, command: click.Command
) -> None:
    options = {name for option in command.params for name in option.opts}
    assert options >= {"--config", "--state"}
    assert command.get_short_help_str(limit=300)


def test_every_row_is_a_command() -> None:
    documented = set(
        re.findall(r"^\| `(mantidhub (?:(?:user|environment|sessions) )?[a-z][a-z-]*)", TABLE, flags=re.MULTILINE)
    )
    assert documented == {path for path, _ in commands(main)}


def test_a_command_that_is_proposed_reads_the_same_configuration(tmp_path: Path) -> None:
    config = tmp_path / "mantidhub.toml"
    config.write_text('[environments]\noffered = ["scipp", "mantid"]\n')
    state = tmp_path / "a state"
    result = CliRunner().invoke(main, ["environment", "list", "--config", str(config), "--state", str(state)])
    assert f"environment build mantid --config {config} --state '{state}'` builds it." in result.output
