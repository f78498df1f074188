"""What the pages of a session may do in a browser, whatever the session itself says: its person can replace the server.

Below one address, a page of one session must not act in the hub or in another session. Content Security Policy Level 3
lets it connect, load programs and frames, and send forms below its own path alone. Paths do not count after a redirect
(CSP3, 7.6), so the edge lets only the navigation of a whole page be redirected. A window that it opens is out of its
reach by ``Cross-Origin-Opener-Policy: noopener-allow-popups`` (HTML Standard, 7.1.3).

JupyterLab needs inline styles and programs, ``eval`` (its checks of settings are compiled), and ``blob:``. Outputs show
images from anywhere.
"""

SANDBOXED = "sandbox allow-scripts"
"""For files as they are, and notebooks as web pages: Jupyter Server says the same."""
WITHIN_A_HOST = "frame-ancestors 'self'"
"""Where each person has a host, that is what keeps pages apart."""


def within_a_path(path: str) -> str:
    """Return the policy for pages below a path of an address that others share.

    Parameters
    ----------
    path
        The path, with a slash at its end; Caddy's placeholders are allowed.
    """
    host = "{http.request.hostport}"
    own = f"{{http.request.scheme}}://{host}{path}"
    # Should another proxy with TLS be before the edge: `http:` stands for `https:` too (CSP3, 6.7.2.8).
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {own} 'unsafe-inline' 'unsafe-eval' blob:",
            f"worker-src {own} blob:",
            f"connect-src {own} ws://{host}{path} wss://{host}{path} blob: data:",
            f"style-src {own} 'unsafe-inline'",
            f"font-src {own} data:",
            "img-src * data: blob:",
            "media-src * data: blob:",
            f"frame-src {own} blob: data:",
            f"object-src {own} blob:",
            f"manifest-src {own}",
            f"form-action {own}",
            f"base-uri {own}",
            "frame-ancestors 'self'",
        )
    )
