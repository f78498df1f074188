"""Import modules one by one, run by the environment's own Python: ``check_imports.py MODULE…``.

Prints ``trying MODULE`` before each, so that the culprit is known even where an import takes the process with it.
Standard library only.
"""

import importlib
import sys
import traceback


def main() -> int:
    """Import what the arguments name; stop at the first that fails."""
    for module in sys.argv[1:]:
        print("trying", module, flush=True)
        try:
            importlib.import_module(module)
        except BaseException:  # noqa: BLE001  # whatever an import raises, it is what the check is for
            traceback.print_exc(file=sys.stdout)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
