"""One attempt to sign in: asked of the throttle first, then of the accounts."""

from dataclasses import dataclass
from datetime import timedelta

from mantidhub.accounts import names
from mantidhub.accounts.store import Account, AccountStore
from mantidhub.accounts.throttle import Throttle


@dataclass(frozen=True)
class TooEarly:
    """The attempt was not tested; another may be made after the wait."""

    wait: timedelta


class SignIn:
    """Decides who is let in. Each call computes for tens of milliseconds, so the hub makes it in a thread.

    Parameters
    ----------
    store
        The accounts.
    throttle
        What counts their wrong passwords.
    """

    def __init__(self, store: AccountStore, throttle: Throttle) -> None:
        self._store = store
        self._throttle = throttle

    def with_password(self, typed_name: str, password: str, *, address: str) -> Account | TooEarly | None:
        """Return the account, or that it is too early to test this password, or None when name or password is wrong."""
        folded = names.folded(typed_name)
        name = folded if names.is_valid(folded) else None
        wait = self._throttle.admit(name, address)
        if wait:
            return TooEarly(wait)
        # a name that nobody can have is looked up too, so that the answer takes as long
        account = self._store.check_password(name or "", password)
        if account is not None:
            self._throttle.succeeded(account.name, address)
        return account

    def with_link(self, token: str, password: str) -> Account:
        """Set the password with a one-time link and return its account.

        Raises
        ------
        AccountError
            When the link or the password cannot be used.
        """
        account = self._store.use_link(token, password)
        self._throttle.forget(account.name)
        return account
