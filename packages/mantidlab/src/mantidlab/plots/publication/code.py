"""The cell that draws a figure anew: plain matplotlib, as a person would write it."""

import ast

from mantidlab.plots.publication.cell import Cell, number, quoted
from mantidlab.plots.publication.code_images import draw_image
from mantidlab.plots.publication.code_instruments import draw_instrument
from mantidlab.plots.publication.code_lines import draw_lines, named_fits
from mantidlab.plots.publication.description import FigureDescription, ImageView, LinesView, Recreation
from mantidlab.plots.publication.paper import Paper

LINE_WIDTH = 0.6
"""Of axes and ticks, in typographic points: thinner lines are lost in print."""


def figure_code(description: FigureDescription, paper: Paper | None = None) -> str:
    """Return the text of a cell that draws exactly this view and writes it into files.

    Parameters
    ----------
    description
        What a widget shows.
    paper
        Size, fonts, file formats; one column wide and PDF if nothing is said.

    Returns
    -------
    str
        Python. Executed after the notebook's cells that made the data, in any kernel, it needs no widget.
    """
    paper = paper or Paper()
    cell = Cell()
    cell.imports.add("import matplotlib.pyplot as plt")
    cell.imports.update(description.data.imports)
    sources = [(_name(description), description.data), *_fits(description)]
    derived = _derived(sources)
    sources = [source for source in sources if source[0] not in derived]
    # A function keeps names such as x from taking the place of the user's own.
    with cell.block(f"def draw({', '.join(name for name, _ in sources)}):"):
        if description.note:
            cell.add(*(f"# {line}" for line in description.note.splitlines()))
        cell.add(*(f"{name} = {expression}" for name, expression in derived.items()))
        _draw(cell, description, paper)
        cell.add("return fig")
    cell.add("", "", "style = {", *(f"    {setting}" for setting in _settings(paper)), "}")
    with cell.block("with plt.rc_context(style):"):
        dots = paper.dots_for(description.height_to_width)
        cell.call("fig = draw", *(_expression(recreation, dots) for _, recreation in sources))
        _save(cell, description, paper)
    return cell.text()


def _expression(recreation: Recreation, dots: int) -> str:
    expression = recreation.expression
    if not recreation.most or not expression.endswith(")"):
        return expression
    return f"{expression[:-1].rstrip().rstrip(',')}, {recreation.most}={dots})"


def _name(description: FigureDescription) -> str:
    if isinstance(description.view, LinesView):
        return "shown"
    return "picture" if isinstance(description.view, ImageView) else "seen"


def _fits(description: FigureDescription) -> list[tuple[str, Recreation]]:
    if not isinstance(description.view, LinesView):
        return []
    return [(name, fit.recreation) for name, fit in named_fits(description.view)]


def _derived(sources: list[tuple[str, Recreation]]) -> dict[str, str]:
    """Return what is made of the figure's data alone, such as fits, so that these are not made a second time."""
    (shown, data), *others = sources
    derived = {}
    for name, recreation in others:
        expression = recreation.expression.replace(data.expression, shown)
        if expression != recreation.expression and _uses_only(expression, {shown, recreation.expression.split("(")[0]}):
            derived[name] = expression
    return derived


def _uses_only(expression: str, names: set[str]) -> bool:
    return {node.id for node in ast.walk(ast.parse(expression)) if isinstance(node, ast.Name)} <= names


def _draw(cell: Cell, description: FigureDescription, paper: Paper) -> None:
    view, name = description.view, _name(description)
    height = paper.height_for(description.height_to_width)
    cell.add(f"size = ({number(paper.width, 1)} / 25.4, {number(height, 1)} / 25.4)  # millimetres in inches")
    if isinstance(view, LinesView):
        draw_lines(cell, name, view)
    elif isinstance(view, ImageView):
        draw_image(cell, name, view)
    else:
        draw_instrument(cell, name, view)
    if description.title:
        cell.call("ax.set_title", quoted(description.title))


def _settings(paper: Paper) -> list[str]:
    """Return the settings as Python. Type 42 and text that stays text are what journals can print and edit."""
    settings = {
        "font.size": number(paper.font_size, 1),
        "font.family": quoted(paper.family),
        "axes.titlesize": quoted("medium"),
        "axes.linewidth": str(LINE_WIDTH),
        "svg.fonttype": quoted("none"),
        "pdf.fonttype": "42",
        "savefig.dpi": str(paper.resolution),
    }
    return [f"{quoted(name)}: {value}," for name, value in settings.items()]


def _save(cell: Cell, description: FigureDescription, paper: Paper) -> None:
    cell.imports.add("from mantidlab.plots import save_figure")
    things = ", ".join(description.data.things)
    for ending in paper.formats:
        file = quoted(f"{paper.name}.{ending}")
        cell.call("save_figure", "fig", file, **({"data": f"[{things}]"} if things else {}))
