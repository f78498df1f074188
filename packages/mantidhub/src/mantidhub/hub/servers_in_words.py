"""What the home page says of each server: what it runs in, or what it would be started with."""

from dataclasses import dataclass

from jupyterhub.user import User

from mantidhub.errors import MantidHubError
from mantidhub.hub.last_choice import last_choice
from mantidhub.sessions.endings import why_ended
from mantidhub.sessions.settling import settle


@dataclass(frozen=True)
class ServerInWords:
    """``scipp 26.9.0 · 2 cores, 4 GiB``, what has changed since the person chose, and why the last one ended."""

    summary: str
    changes: tuple[str, ...] = ()
    ended: str = ""


async def servers_in_words(user: User) -> dict[str, ServerInWords]:
    """Describe every server of a person, by its name; nothing while the controller does not answer."""
    described = {}
    try:
        offer = await user.spawner.offer()
        for name in user.orm_user.orm_spawners:
            spawner = user.spawners[name]
            state = await spawner.find_state()
            if state is None or state.phase == "ended" or not spawner.active:
                settled = settle(last_choice(user, name), offer)
                ended = "" if state is None else why_ended(state)
                described[name] = ServerInWords(settled.summary, settled.changes, ended)
            else:
                described[name] = ServerInWords(offer.describe(state.environment, state.size))
    except MantidHubError as error:
        user.spawner.log.warning("servers cannot be described: %s", error)
    return described
