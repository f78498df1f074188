"""Fingers on a page: Chromium's own touches, several at once; and a wheel that is turned as quickly as they tap."""

import time
from dataclasses import dataclass, field

from playwright.sync_api import CDPSession, Page

Point = tuple[float, float]

STEP = 16
"""Milliseconds between two places of a finger that moves: a frame."""
QUICK = 0.06
"""Seconds between two things that a hand does quickly. The page is told when they were done: it may be busy."""


@dataclass
class Fingers:
    """Touches of a page, in its CSS pixels."""

    page: Page
    _session: CDPSession = field(init=False)

    def __post_init__(self) -> None:
        self._session = self.page.context.new_cdp_session(self.page)

    def touch(self, kind: str, *points: Point) -> None:
        """Send ``touchStart``, ``touchMove`` or ``touchEnd`` with a finger at each point."""
        touching = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touching})

    def drag(self, *paths: tuple[Point, ...], steps: int = 12) -> None:
        """Move one finger along each path, all at once, and lift them."""
        self.touch("touchStart", *[path[0] for path in paths])
        for step in range(1, steps + 1):
            self.touch("touchMove", *[_along(path, step / steps) for path in paths])
            self.page.wait_for_timeout(STEP)
        self.touch("touchEnd")

    def tap(self, point: Point) -> None:
        """Tap once."""
        self.touch("touchStart", point)
        self.touch("touchEnd")

    def double_tap(self, point: Point) -> None:
        """Tap twice, quickly."""
        began = time.time()
        for count, kind in enumerate(("touchStart", "touchEnd") * 2):
            touching = [{"x": point[0], "y": point[1], "id": 0}] if kind == "touchStart" else []
            event = {"type": kind, "touchPoints": touching, "timestamp": began + count * QUICK}
            self._session.send("Input.dispatchTouchEvent", event)

    def turn_wheel(self, *points: Point, by: float) -> None:
        """Turn a wheel in one go, with the cursor at each point in turn."""
        began = time.time()
        for count, (x, y) in enumerate(points):
            event = {"type": "mouseWheel", "x": x, "y": y, "deltaX": 0, "deltaY": by}
            self._session.send("Input.dispatchMouseEvent", {**event, "timestamp": began + count * QUICK})

    def press(self, point: Point, milliseconds: int = 700) -> None:
        """Hold a finger still, and leave it there."""
        self.touch("touchStart", point)
        self.page.wait_for_timeout(milliseconds)


def _along(path: tuple[Point, ...], share: float) -> Point:
    """Return the point at a share of a path whose pieces take the same time each."""
    at = share * (len(path) - 1)
    piece = min(int(at), len(path) - 2)
    (x0, y0), (x1, y1) = path[piece], path[piece + 1]
    return x0 + (at - piece) * (x1 - x0), y0 + (at - piece) * (y1 - y0)
