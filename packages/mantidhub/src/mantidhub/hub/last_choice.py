"""What a person chose last: for this server, else for any of theirs."""

from datetime import datetime

from jupyterhub.user import User

from mantidhub.sessions.choice import Choice


def last_choice(user: User, server_name: str) -> Choice | None:
    """Return what the hub's database remembers; None for somebody who never chose."""
    stored = sorted(
        user.orm_user.orm_spawners.values(),
        key=lambda spawner: (spawner.name == server_name, spawner.last_activity or datetime.min),
        reverse=True,
    )
    choices = (Choice.find_in(spawner.user_options) for spawner in stored)
    return next((choice for choice in choices if choice is not None), None)
