"""JupyterHub's view of the accounts."""

import asyncio
import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from jupyterhub import orm
from jupyterhub.auth import Authenticator
from jupyterhub.handlers import BaseHandler
from jupyterhub.user import User
from tornado.web import HTTPError
from traitlets import Unicode, default

from mantidhub import portal
from mantidhub.accounts import names
from mantidhub.accounts.address import client_address
from mantidhub.accounts.link_page import LinkHandler
from mantidhub.accounts.login_page import AccountLoginHandler
from mantidhub.accounts.logins import end_logins
from mantidhub.accounts.sign_in import SignIn, TooEarly
from mantidhub.accounts.store import Account, AccountStore
from mantidhub.accounts.throttle import Throttle

HASHES_AT_ONCE = 2

Result = TypeVar("Result")


class AccountAuthenticator(Authenticator):
    """Signs people in by the accounts that `mantidhub user` keeps.

    The accounts decide alone who may sign in and who is an administrator; they are asked again at every request (at
    most once a second for each user), so that a removed account, a reset password and a changed right take effect
    without the hub being told.
    """

    database = Unicode(config=True, help="The SQLite file of the accounts.")
    edge_secret_file = Unicode(
        "",
        config=True,
        help="The file with the secret by which the hub knows the edge. Without it, no forwarded address is trusted.",
    )

    @default("allow_all")
    def _allow_all(self) -> bool:
        return True  # everybody who has an account and its password

    @default("auth_refresh_age")
    def _auth_refresh_age(self) -> int:
        return 1  # a look into the accounts costs a fraction of a millisecond

    @default("auth_refresh_strict")
    def _auth_refresh_strict(self) -> bool:
        return True  # a removed account must not go on through its tokens

    @default("refresh_pre_spawn")
    def _refresh_pre_spawn(self) -> bool:
        return True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.store = AccountStore(Path(self.database))
        self._sign_in = SignIn(self.store, Throttle(self.store.database))
        # hashing a password takes tens of milliseconds and 64 MiB: not on the hub's event loop, and not many at once
        self._hashing = ThreadPoolExecutor(max_workers=HASHES_AT_ONCE, thread_name_prefix="passwords")

    def get_handlers(self, app: Any) -> list[tuple[Any, ...]]:
        """Return the pages on which people sign in, with what they look like."""
        link_needs = {"store": self.store, "set_password": self.set_password}
        return [("/login", AccountLoginHandler), ("/link", LinkHandler, link_needs), *portal.handlers()]

    async def send_on(self, handler: BaseHandler, user: User) -> None:
        """Answer a request with which somebody has just signed in: they go where they wanted to."""
        handler.redirect(handler.get_next_url(user))

    def normalize_username(self, username: str) -> str:
        """Return the one spelling of a name."""
        return names.folded(username)

    def validate_username(self, username: str) -> bool:
        """Tell whether an account may have this name."""
        return names.is_valid(username)

    async def authenticate(self, handler: BaseHandler, data: dict[str, Any]) -> dict[str, Any] | None:
        """Let in who typed the right password, or who has just set one on the link page.

        Raises
        ------
        tornado.web.HTTPError
            429 when too many wrong passwords came before; the password was not tested then.
        """
        account = data.get("account")  # from the link page; a form can only send text
        if not isinstance(account, Account):
            account = await self._check_password(handler, data)
        if account is None:
            return None
        user = handler.find_user(account.name)
        if user is not None and account.has_logins_to_end:
            end_logins(handler.db, user, self.store, account)
        elif user is None:
            self.store.logins_ended(account)  # the hub has never seen this person, so there are none
        return _to_jupyterhub(account)

    async def set_password(self, token: str, password: str) -> Account:
        """Set a password with a one-time link.

        Raises
        ------
        AccountError
            When the link or the password cannot be used.
        """
        return await self._in_thread(lambda: self._sign_in.with_link(token, password))

    async def refresh_user(self, user: User, handler: BaseHandler | None = None) -> bool | dict[str, Any]:
        """Follow what has happened to the account since the person signed in."""
        account = self.store.find(user.name)
        if account is None:
            return False
        if account.has_logins_to_end:
            # asked before, since a deleted token cannot be asked for any more
            token = None
            if handler is not None and getattr(handler, "_token_authenticated", False):
                token = handler.get_token()
            kept = end_logins(user.db, user, self.store, account)
            # an administrator who starts this person's server is not the one whose logins have ended
            asked_by_another = handler is not None and getattr(handler, "_jupyterhub_user", None) is not user
            return asked_by_another or token in kept
        return True if bool(user.admin) == account.admin else _to_jupyterhub(account)

    def add_user(self, user: User | orm.User) -> None:
        """Refuse to add somebody who has no account, since that person could never sign in.

        Raises
        ------
        ValueError
            As JupyterHub expects it of this method.
        """
        # when it starts, JupyterHub passes the rows of its database, of which some may have lost their account
        is_new = isinstance(user, User)
        if is_new and self.store.find(user.name) is None:
            raise ValueError(f"There is no account {user.name}. Use `mantidhub user add {user.name}`.")
        super().add_user(user)

    def delete_user(self, user: User) -> None:
        """Remove the account of whom an administrator deletes on JupyterHub's own pages."""
        if self.store.find(user.name) is not None:
            self.store.remove(user.name)
        super().delete_user(user)

    async def _check_password(self, handler: BaseHandler, data: dict[str, Any]) -> Account | None:
        address = client_address(handler.request.headers, self._edge_secret())
        answer = await self._in_thread(
            lambda: self._sign_in.with_password(
                str(data.get("username", "")), str(data.get("password", "")), address=address
            )
        )
        if isinstance(answer, TooEarly):
            self.log.warning("sign-in refused, too many wrong passwords: address=%s wait=%s", address, answer.wait)
            raise _come_back_after(answer.wait)
        if answer is None:
            self.log.warning("sign-in failed: address=%s", address)
        return answer

    def _edge_secret(self) -> str:
        # read each time: the edge gets a new one when it is set up anew
        return Path(self.edge_secret_file).read_text().strip() if self.edge_secret_file else ""

    async def _in_thread(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._hashing, work)


def _to_jupyterhub(account: Account) -> dict[str, Any]:
    return {"name": account.name, "admin": account.admin}


def _come_back_after(wait: timedelta) -> HTTPError:
    seconds = math.ceil(wait.total_seconds())
    error = HTTPError(429, "too many wrong passwords")
    error.headers = {"Retry-After": str(seconds)}
    error.jupyterhub_message = f"Too many wrong passwords. Try again in {_in_words(seconds)}."
    error.retry_after = seconds
    return error


def _in_words(seconds: int) -> str:
    if seconds < 60:
        return f"{seconds} seconds" if seconds > 1 else "a second"
    minutes = math.ceil(seconds / 60)
    return f"{minutes} minutes" if minutes > 1 else "a minute"
