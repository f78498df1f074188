"""The page behind a one-time link, on which a person chooses a password."""

from collections.abc import Awaitable, Callable

from jupyterhub.handlers import BaseHandler
from tornado.web import HTTPError

from mantidhub.accounts.passwords import SHORTEST
from mantidhub.accounts.store import Account, AccountStore
from mantidhub.errors import AccountError

GONE = 410


class LinkHandler(BaseHandler):
    """Shows for whom the link is, sets the password and signs that person in.

    Looking at the page uses nothing up, since mail programs open links to preview them; only a password does. The
    token travels in the address once and in the form's body after that.
    """

    def initialize(self, store: AccountStore, set_password: Callable[[str, str], Awaitable[Account]]) -> None:
        """Take what the authenticator passes when it registers the page."""
        self._store = store
        self._set_password = set_password

    def check_xsrf_cookie(self) -> None:
        """Say in words what to do about a form that lay open too long."""
        try:
            super().check_xsrf_cookie()
        except HTTPError as error:
            self.log.warning("link form refused: %s", error)
            raise HTTPError(
                error.status_code, "This form was open for too long. Open your link again; it was not used up."
            ) from error

    def set_default_headers(self) -> None:
        """Keep the token out of caches and out of other sites' logs."""
        super().set_default_headers()
        self.set_header("Cache-Control", "no-store")
        self.set_header("Referrer-Policy", "no-referrer")

    async def get(self) -> None:
        """Show the form."""
        token = self.get_query_argument("token", "")
        account = await self._owner(token)
        if account is not None:
            await self._show_form(account, token)

    async def post(self) -> None:
        """Set the password, use the link up and sign the person in."""
        token = self.get_body_argument("token", "")
        account = await self._owner(token)
        if account is None:
            return
        password = self.get_body_argument("password", "", strip=False)
        if password != self.get_body_argument("repeated", "", strip=False):
            await self._show_form(account, token, error="The two passwords differ. Type the same one twice.")
            return
        try:
            account = await self._set_password(token, password)
        except AccountError as error:
            if await self._owner(token) is not None:
                await self._show_form(account, token, error=str(error))
            return
        await self._sign_in(account)

    async def _owner(self, token: str) -> Account | None:
        """Return whose link it is, or answer the request with what to do."""
        try:
            return self._store.link_owner(token)
        except AccountError as error:
            self.set_status(GONE)
            self.finish(await self.render_template("link_void.html", message=str(error)))
            return None

    async def _show_form(self, account: Account, token: str, error: str = "") -> None:
        if error:
            self.set_status(400)
        self.finish(
            await self.render_template(
                "link.html", account=account, token=token, error=error, shortest=SHORTEST, link_url=self.request.path
            )
        )

    async def _sign_in(self, account: Account) -> None:
        if self.current_user is not None and self.current_user.name != account.name:
            # another person's browser session must not go on under this name
            self.clear_login_cookie()
        user = await self.login_user({"username": account.name, "account": account})
        if user is None:
            # blocked in the hub's configuration: the sign-in page says no more
            self.redirect(self.settings["login_url"])
            return
        await self.authenticator.send_on(self, user)
