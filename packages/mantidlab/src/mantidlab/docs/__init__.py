"""What the framework of an environment knows about itself: the catalogue, and what is made from it.

``extract`` writes it while the environment is built; panels, forms and completion read it::

    from mantidlab.docs import knowledge

    for hit in knowledge().search("conver units"):
        print(hit.title, hit.snippet)
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mantidlab.docs.reading import Knowledge, KnowledgeMissing, knowledge

__all__ = ["Knowledge", "KnowledgeMissing", "knowledge"]


def __getattr__(name: str) -> Any:
    # Lazily, so that the schema alone can be imported without SQLite.
    if name in __all__:
        from mantidlab.docs import reading

        return getattr(reading, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
