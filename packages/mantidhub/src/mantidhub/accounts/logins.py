"""Ends the logins of a user in JupyterHub's own database."""

from typing import Any

from jupyterhub import orm
from jupyterhub.user import User

from mantidhub.accounts.store import Account, AccountStore


def end_logins(db: Any, user: User, store: AccountStore, account: Account) -> list[orm.APIToken]:
    """Make every cookie and token of a user void, but let running servers go on.

    The cookie of a login holds the user's `cookie_id`, so a new one ends all. Tokens that the user made, or that a
    browser was given for a server, are deleted; the token with which a running server speaks to the hub is kept, since
    a new password must not cost anybody a running kernel.

    Returns
    -------
    list of orm.APIToken
        The tokens that are kept.
    """
    kept = _tokens_of_servers(db, user)
    for token in list(user.orm_user.api_tokens):
        if token not in kept:
            db.delete(token)
    for code in db.query(orm.OAuthCode).filter_by(user_id=user.id):
        db.delete(code)
    user.orm_user.cookie_id = orm.new_token()
    db.commit()
    # last, so that a hub that dies in between does it again
    store.logins_ended(account)
    return kept


def _tokens_of_servers(db: Any, user: User) -> list[orm.APIToken]:
    found = [orm.APIToken.find(db, spawner.api_token) for spawner in user.spawners.values() if spawner.api_token]
    return [token for token in found if token is not None]
