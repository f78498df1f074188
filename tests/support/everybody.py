"""Whether everybody can use a part of a page: with assistive techniques, and with fingers."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

REPOSITORY = Path(__file__).resolve().parents[2]
AXE = REPOSITORY / "packages" / "mantidlab" / "ui" / "node_modules" / "axe-core" / "axe.min.js"
LEAST_CONTROL = 44  # CSS pixels
AXE_RUN = """
async (place) => {
  const found = await axe.run(document.querySelector(place), { resultTypes: ["violations"] });
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}
"""
CONTROLS = "button, input, select, summary, a, [role=option], [role=treeitem], [role=slider], [role=separator]"
SMALL_CONTROLS = """
([place, controls, least]) => [...document.querySelectorAll(`${place} :is(${controls})`)]
  .filter((one) => one.checkVisibility() && getComputedStyle(one).display !== "inline")  // words of a sentence may link
  .map((one) => [one.closest("label") ?? one, one])
  .map(([target, one]) => [target.getBoundingClientRect(), one])
  .filter(([box]) => box.width > 0 && (Math.round(box.width) < least || Math.round(box.height) < least))
  .map(([box, one]) => `${one.outerHTML.slice(0, 90)} is ${box.width} × ${box.height}`)
"""


def complaints(page: Page, place: str) -> list[str]:
    """Return what axe finds wrong in the element that a selector names; skip where axe is not there."""
    if not AXE.exists():
        pytest.skip(f"{AXE} is not there; `make check` fetches it.")
    page.evaluate(AXE.read_text(encoding="utf-8"))  # a script of no address, which a policy might forbid
    found: list[str] = page.evaluate(AXE_RUN, place)
    return found


def small_controls(page: Page, place: str) -> list[str]:
    """Return the controls there that are too small for a finger."""
    found: list[str] = page.evaluate(SMALL_CONTROLS, [place, CONTROLS, LEAST_CONTROL])
    return found
