"""The controller process: wires its parts together and runs until it is told to end. Sessions outlive it."""

import asyncio
import os
import signal
from datetime import timedelta
from pathlib import Path

from mantidhub.controller.composition import Composer
from mantidhub.controller.culling import Culling
from mantidhub.controller.former_engine import end_sessions_of_former_engine
from mantidhub.controller.offering import Offering
from mantidhub.controller.reconciliation import Reconciliation
from mantidhub.controller.server import application, listen
from mantidhub.controller.sizes import Host, Sizes
from mantidhub.controller.supervision import Supervision
from mantidhub.engines.choice import make_engine
from mantidhub.environments.known import KnownSpecifications
from mantidhub.logs import log_as_lines
from mantidhub.sessions.log_length import keep_logs_short
from mantidhub.sessions.record import RecordFolder
from mantidhub.settings.deployment import VARIABLE, Deployment

RECONCILE_EVERY = timedelta(minutes=1)


async def run(deployment: Deployment) -> None:
    """Serve until SIGTERM or SIGINT."""
    state, settings, services = deployment.state, deployment.settings, deployment.services
    await end_sessions_of_former_engine(deployment, grace=settings.sessions.stop_grace)
    engine = make_engine(deployment.engine, settings, state)
    sizes = Sizes.that_fit(settings.sessions, Host.here())
    known = KnownSpecifications.from_settings(settings.environments).specifications
    labels = {name: specification.labels for name, specification in known.items()}
    offering = Offering(state.environments, usual=settings.environments.default, sizes=sizes, labels=labels)
    composer = Composer(settings, state, examples=deployment.examples, services=services)
    records = RecordFolder(state.controller / "records")
    supervision = Supervision(engine, offering, composer, records, stop_grace=settings.sessions.stop_grace)
    reconciliation = Reconciliation(engine, supervision, composer)
    await supervision.adopt()
    await reconciliation.round()
    allowed = {os.getuid()} | ({services.hub.uid} if services else set())
    runner = await listen(
        application(supervision, offering, allowed_uids=frozenset(allowed)),
        state.controller_socket,
        group=services.hub.gid if services else None,
    )
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    upkeep = [
        asyncio.create_task(keep_logs_short(state.logs / "sessions"), name="keep logs short"),
        asyncio.create_task(reconciliation.run(RECONCILE_EVERY), name="reconcile"),
    ]
    if idle_after := settings.sessions.idle_after:
        culling = Culling(engine, supervision, composer, idle_after=idle_after)
        upkeep.append(asyncio.create_task(culling.run(), name="stop idle sessions"))
    await told.wait()
    for task in upkeep:
        task.cancel()
    await asyncio.gather(*upkeep, return_exceptions=True)
    await runner.cleanup()
    await supervision.close()
    await engine.close()


def main() -> None:
    """Read the deployment named in the process variables and run."""
    log_as_lines()
    asyncio.run(run(Deployment.read(Path(os.environ[VARIABLE]))))


if __name__ == "__main__":
    main()
