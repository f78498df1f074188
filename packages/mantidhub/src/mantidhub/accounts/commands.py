"""The commands of `mantidhub user`."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import click

from mantidhub.accounts.store import Account, AccountStore, Link
from mantidhub.errors import AccountError, MantidHubError


@dataclass(frozen=True)
class UserCommands:
    """What the commands need to know of the running MantidHub.

    Parameters
    ----------
    store
        The accounts.
    base_url
        The address that people open, for instance ``https://hub.facility.example``.
    on_removed
        Called with the name after an account was removed, to stop that person's sessions.
    """

    store: AccountStore
    base_url: str
    on_removed: Callable[[str], None]


def user_group(connect: Callable[[], UserCommands]) -> click.Group:
    """Return the group `user`, to be added to the command line.

    Parameters
    ----------
    connect
        Called when one of the commands runs, not before: it may read settings.
    """

    @click.group("user", help="Who may sign in.")
    def user() -> None:
        pass

    @user.command(help="Add a person and print the one-time link on which they choose a password.")
    @click.argument("name")
    @click.option("--admin", is_flag=True, help="Make this person an administrator.")
    def add(name: str, admin: bool) -> None:
        with _in_words():
            hub = connect()
            link = hub.store.add(name, admin=admin)
            click.echo(f"{'Administrator' if admin else 'User'} {link.name} may sign in with this one-time link:")
            _print_link(link, hub.base_url)

    @user.command("list", help="Show all accounts.")
    @click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
    def list_accounts(as_json: bool) -> None:
        with _in_words():
            accounts = connect().store.list()
        if as_json:
            click.echo(json.dumps([_to_json(account) for account in accounts], indent=2))
        else:
            _print_accounts(accounts)

    @user.command(help="Remove a person's account and end their sessions; their home is kept.")
    @click.argument("name")
    def remove(name: str) -> None:
        with _in_words():
            hub = connect()
            removed = hub.store.remove(name)
            click.echo(f"{removed} can no longer sign in. The home of {removed} is kept.")
            hub.on_removed(removed)

    @user.command(help="Make a person's password void, sign them out and print a new one-time link.")
    @click.argument("name")
    def reset(name: str) -> None:
        with _in_words():
            hub = connect()
            link = hub.store.reset(name)
            click.echo(f"The password of {link.name} is void. A new one is chosen on this one-time link:")
            _print_link(link, hub.base_url)

    @user.command(help="Make a person an administrator, or an ordinary user again.")
    @click.argument("name")
    @click.option("--revoke", is_flag=True, help="Make this person an ordinary user again.")
    def admin(name: str, revoke: bool) -> None:
        with _in_words():
            changed = connect().store.set_admin(name, admin=not revoke)
            click.echo(f"{changed} is {'an ordinary user' if revoke else 'an administrator'} now.")

    return user


def administrators_link(store: AccountStore, name: str = "admin") -> Link | None:
    """Return a link for the first administrator, or None when there is one already.

    For the start of MantidHub: until an administrator has chosen a password, or another one was invited, each start
    gives a new link.

    Raises
    ------
    AccountError
        When the name belongs to an ordinary user.
    """
    accounts = {account.name: account for account in store.list()}
    others = [account for account in accounts.values() if account.admin and account.name != name]
    if any(account.has_password or account.link_expires for account in others):
        return None
    if name not in accounts:
        return store.add(name, admin=True)
    if not accounts[name].admin:
        raise AccountError(
            f"There is no administrator, and {name} is an ordinary user. "
            f"Use `mantidhub user add NAME --admin` or `mantidhub user admin {name}`."
        )
    return None if accounts[name].has_password else store.reset(name)


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except MantidHubError as error:
        raise click.ClickException(str(error)) from error


def _print_link(link: Link, base_url: str) -> None:
    click.echo(f"\n  {link.url(base_url)}\n")
    click.echo(f"It works once, until {_local(link.expires)}. Give it to {link.name} alone.")


def _print_accounts(accounts: list[Account]) -> None:
    if not accounts:
        click.echo("There are no accounts. `mantidhub user add NAME` adds the first.")
        return
    width = max(len(account.name) for account in accounts)
    for account in accounts:
        role = "administrator" if account.admin else "user"
        click.echo(f"{account.name:<{width}}  {role:<13}  {_state(account)}")


def _state(account: Account) -> str:
    if account.has_password:
        return "has a password"
    if account.link_expires is not None:
        return f"has a link until {_local(account.link_expires)}"
    return f"link expired; `mantidhub user reset {account.name}` makes a new one"


def _to_json(account: Account) -> dict[str, object]:
    return {
        "name": account.name,
        "admin": account.admin,
        "created": account.created.isoformat(timespec="seconds"),
        "has_password": account.has_password,
        "link_expires": account.link_expires.isoformat(timespec="seconds") if account.link_expires else None,
    }


def _local(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M %Z}"
