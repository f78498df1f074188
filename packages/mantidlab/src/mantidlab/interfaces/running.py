"""One run of an interface: values in, progress on its way, a result with its origin out."""

from collections.abc import Generator, Mapping
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from mantidlab.interfaces.activity import Activity, going_on, remark
from mantidlab.interfaces.progress import Progress, Reporter, shown
from mantidlab.interfaces.provenance import gather
from mantidlab.interfaces.results import Result

if TYPE_CHECKING:
    from mantidlab.interfaces.declaring import Interface


def run(
    interface: "Interface[Any, Any]", values: Mapping[str, Any], *, cache: bool, reporter: Reporter | None = None
) -> Result[Any]:
    """Validate, run, and gather where the result comes from.

    Parameters
    ----------
    interface
        What is run.
    values
        As given, by name.
    cache
        Whether steps may be taken from what earlier runs have kept.
    reporter
        Is told of progress; if none is given, it is shown wherever the person is.

    Raises
    ------
    ValuesRefused
        Before anything runs. Errors of the function itself come as they are.
    """
    resolved = interface.resolved(values)
    started = datetime.now(UTC)
    showing = shown(interface.heading.title) if reporter is None else nullcontext(reporter)
    with showing as report, going_on(Activity(report, use_cache=cache)) as activity:
        value = _finished(interface.function(**resolved), activity)
        provenance = gather(interface, values, resolved, activity, started)
    return Result(value, provenance, dict(values))


def _finished(returned: Any, activity: Activity) -> Any:
    """Return what a function returns in the end; of a generator, tell the progress that it yields."""
    if not isinstance(returned, Generator):
        return returned
    while True:
        try:
            said = next(returned)
        except StopIteration as end:
            return end.value
        if isinstance(said, Progress):
            activity.report(said.fraction, said.message)
        else:
            remark(f"Nobody saw what was yielded ({type(said).__name__}): yield Progress(fraction, text) instead.")
