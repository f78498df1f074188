"""The size, fonts and file formats that a publication asks for.

The widths are those that journals of this field ask for most often, give or take a few millimetres: look up yours and
give its own. Letters of 7 to 9 points stay readable in print.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from mantidlab.plots.publication.errors import NoSuchPaper

Format: TypeAlias = Literal["svg", "pdf", "png"]

WIDTHS: dict[str, float] = {"single": 85.0, "one and a half": 120.0, "double": 170.0, "slide": 254.0}
"""Millimetres."""
AXES_PART = 0.55
"""Of a figure's width and height, what labels and colour bar leave at least."""
FORMATS: tuple[Format, ...] = ("svg", "pdf", "png")


@dataclass(frozen=True)
class Paper:
    """How large a figure is, how it is lettered and as which files it is written.

    Attributes
    ----------
    width
        Millimetres.
    height
        Millimetres; None for the picture's own proportions.
    font_size
        Of all letters, in typographic points.
    family
        Of the letters; matplotlib takes the first such font that is there.
    resolution
        Dots per inch, of PNG files and of what vector files hold as pixels.
    name
        Of the files, without their ends.
    """

    width: float = WIDTHS["single"]
    height: float | None = None
    font_size: float = 8.0
    family: Literal["sans-serif", "serif"] = "sans-serif"
    resolution: int = 600
    formats: tuple[Format, ...] = ("pdf",)
    name: str = "figure"

    def __post_init__(self) -> None:
        """Refuse what no journal prints."""
        for what, value, least, most, unit in (
            ("width", self.width, 20, 1000, "mm"),
            ("height", self.width if self.height is None else self.height, 20, 1000, "mm"),
            ("font size", self.font_size, 3, 72, "points"),
            ("resolution", self.resolution, 50, 2400, "dots per inch"),
        ):
            if not least <= value <= most:
                raise NoSuchPaper(f"A {what} of {value:g} {unit} was asked for; take one from {least} to {most}.")
        strange = [each for each in self.formats if each not in FORMATS]
        if strange or not self.formats:
            raise NoSuchPaper(f"Figures are written as {', '.join(FORMATS)}, not as {', '.join(strange) or 'nothing'}.")

    @classmethod
    def named(cls, width: str, **rest: object) -> "Paper":
        """Return a paper of a width that has a name: single, one and a half or double column, or a slide."""
        if width not in WIDTHS:
            raise NoSuchPaper(f"There is no width {width!r}; take one of {', '.join(WIDTHS)}, or millimetres.")
        return cls(width=WIDTHS[width], **rest)  # type: ignore[arg-type]

    def height_for(self, height_to_width: float) -> float:
        """Return the height in millimetres of a picture with these proportions."""
        if self.height is not None:
            return self.height
        return round(min(max(self.width * height_to_width, 20.0), 240.0), 1)

    def dots_for(self, height_to_width: float) -> int:
        """Return how many pixels a picture may have along each side, so that the paper has a dot for each."""
        return max(50, int(AXES_PART * min(self.width, self.height_for(height_to_width)) / 25.4 * self.resolution))
