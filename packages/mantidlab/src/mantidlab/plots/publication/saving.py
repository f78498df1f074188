"""Writes a figure into a file that says where it came from."""

from collections.abc import Iterable
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mantidlab.plots.publication.errors import NoSuchPaper
from mantidlab.plots.publication.provenance import Provenance, gather

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PNG_KEY = "Provenance"


def save_figure(
    figure: "Figure",
    file: str | PathLike[str],
    *,
    data: Iterable[Any] = (),
    files: Iterable[str | PathLike[str]] = (),
    **options: Any,
) -> Path:
    """Save a figure of matplotlib, and where it came from in the file's own metadata.

    What is stored: the data's files with their SHA-256 checksums, the environment, versions, the steps that made the
    data, and the code of this cell. It goes wherever the file goes; ``figure.savefig`` stores nothing of it.

    Parameters
    ----------
    figure
        Any figure, not only one of ours.
    file
        Its name ends with ``.svg``, ``.pdf`` or ``.png``.
    data
        What it shows: workspaces, their names, scipp objects, paths of files.
    files
        Further files that the data were made of, which the data themselves do not know.
    **options
        Of ``Figure.savefig``.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    NoSuchPaper
        Another kind of file.
    """
    path = Path(file)
    written = gather(data, files)
    figure.savefig(path, metadata=metadata_for(path, written), **options)
    return path


def metadata_for(path: Path, provenance: Provenance) -> dict[str, str]:
    """Return matplotlib's metadata argument for a kind of file: a sentence for people, all of it for programs.

    Where the names come from: PNG specification, 11.3.4; Dublin Core (SVG's RDF), in which a source is what something
    was derived from; PDF 32000-1:2008, 14.3.3.
    """
    sentence, whole = provenance.sentence(), provenance.to_json()
    match path.suffix.lower():
        case ".png":
            return {"Description": sentence, PNG_KEY: whole}
        case ".svg":
            return {"Description": sentence, "Source": whole}
        case ".pdf":
            return {"Subject": sentence, "Keywords": whole}
    raise NoSuchPaper(f"{path.name} cannot keep where its figure came from. Let its name end with .svg, .pdf or .png.")
