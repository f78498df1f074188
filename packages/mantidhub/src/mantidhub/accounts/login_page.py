"""The page on which people sign in with their password."""

from typing import Any

from jupyterhub.handlers.login import LoginHandler
from tornado.web import HTTPError

WRONG = (
    "This name and password do not belong together. Check both; if you have forgotten your password, "
    "ask your administrator for a new link."
)


class AccountLoginHandler(LoginHandler):
    """JupyterHub's login page, with our answers to what goes wrong."""

    def set_default_headers(self) -> None:
        """Keep the page out of caches and its address out of other sites' logs."""
        super().set_default_headers()
        self.set_header("Cache-Control", "no-store")
        self.set_header("Referrer-Policy", "same-origin")

    async def post(self) -> None:
        """Sign a person in, or show the page again and say why not."""
        data: dict[str, Any] = {
            "username": self.get_body_argument("username", "", strip=True),
            "password": self.get_body_argument("password", "", strip=False),
        }
        if not data["username"] or not data["password"]:
            raise HTTPError(400, "Fill in both your user name and your password.")
        user = await self.login_user(data)
        if user is None:
            self.set_status(403)
            self.finish(await self._render(login_error=WRONG, username=data["username"][:64]))
            return
        self._jupyterhub_user = user
        await self.authenticator.send_on(self, user)
