"""Build the scipp environment that all test runs share, and print where it is: ``python -m support.environment``."""

from rich.console import Console

from mantidhub.environments import build, choose_interpreter, shipped_specifications
from mantidhub.environments.progress_display import show_progress
from support.platform import SHARED_STATE


def main() -> None:
    """Build what is missing; progress goes to standard error, the prefix to standard output."""
    specification = next(found for found in shipped_specifications() if found.name == "scipp")
    with show_progress("scipp environment", Console(stderr=True)) as progress:
        root = SHARED_STATE / "environments"
        environment = build(specification, root, interpreter=choose_interpreter(specification), progress=progress)
    print(environment.prefix)


if __name__ == "__main__":
    main()
