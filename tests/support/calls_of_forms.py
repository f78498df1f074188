"""Values for the fields of forms, and calls with them in every layout that people write, for hypothesis."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from mantidlab.forms.literals import same, text_of
from mantidlab.forms.spec import Field, FormSpec, Widget
from mantidlab.names import is_name

NAMES = st.sampled_from(
    ["ws", "data.entry", "runs[0]", "load('a b')", "x + y", "f(a, b=[1, 2])", "(a if b else c)", "µ"]
)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12)
NUMBERS = st.one_of(
    st.integers(-(2**53) + 1, 2**53 - 1), st.floats(allow_nan=False, allow_infinity=False), st.sampled_from([0, 1, 0.1])
)


def value_of_field(field: Field) -> st.SearchStrategy[Any]:
    """Return what a field may be given."""
    expression = NAMES.map(lambda text: {"expression": text})
    plain: dict[Widget, st.SearchStrategy[Any]] = {
        Widget.NUMBER: NUMBERS,
        Widget.INTEGER: st.integers(-100, 2**31 - 2),
        Widget.SWITCH: st.booleans(),
        Widget.LIST: st.one_of(st.lists(NUMBERS, min_size=1, max_size=4), st.sampled_from(["1,3-5", "0, 0.1"])),
        Widget.RANGE: st.lists(NUMBERS, min_size=1, max_size=5),
        Widget.DICTIONARY: st.dictionaries(
            TEXTS.filter(lambda key: key != "expression"), NUMBERS, min_size=1, max_size=3
        ),
    }
    if field.choices:
        return st.sampled_from([choice.value for choice in field.choices])
    return st.one_of(plain.get(field.widget, TEXTS), expression)


@st.composite
def values_of_form(draw: st.DrawFn, spec: FormSpec, most: int = 7) -> dict[str, Any]:
    """Return values for some fields, none of them a default, which would be left out."""
    fields = {field.name: field for field in spec.fields}
    names = draw(st.lists(st.sampled_from(list(fields)), unique=True, max_size=most)) if fields else []
    values = {name: draw(value_of_field(fields[name])) for name in names}
    return {
        name: value
        for name, value in values.items()
        if (field := spec.field(name)) is not None and (field.required or not same(value, field.default))
    }


@dataclass(frozen=True)
class Written:
    """A cell with a call as somebody wrote it."""

    source: str
    place: int
    comments: tuple[str, ...]
    values: Mapping[str, Any]


@st.composite
def written_call(draw: st.DrawFn, spec: FormSpec, values: Mapping[str, Any]) -> Written:
    """Return a cell with a call with these values: some without names, in any order, with comments and odd spaces."""
    quote = draw(st.sampled_from("'\""))
    plain: list[str] = []
    named = dict(values)
    if draw(st.booleans()):
        for name in spec.call.positional:
            if name not in named:
                break
            plain.append(text_of(named.pop(name), quote))
    equals = draw(st.sampled_from(["=", " = ", "= "]))
    texts = [f"{name}{equals}{text_of(value, quote)}" for name, value in named.items() if is_name(name)]
    texts = plain + draw(st.permutations(texts))
    odd = {name: value for name, value in named.items() if not is_name(name)}
    if odd:
        texts.append(f"**{{{', '.join(f'{text_of(name, quote)}: {text_of(item)}' for name, item in odd.items())}}}")
    texts += draw(st.sampled_from([[], ["**options"], ["**{}"]]))
    comments: list[str] = []
    inside = "".join(draw(st.sampled_from(["", "", " ", "\n", "\n    "]))) if texts else ""
    for place, text in enumerate(texts):
        comma = draw(st.sampled_from(["", ","])) if place == len(texts) - 1 else ","
        gap = draw(st.sampled_from(["", "", " ", "\n  "]))
        behind = draw(st.sampled_from(["", " ", "  ", "\n    ", "comment", "\n# own line\n    "]))
        if behind == "comment":
            comments.append(f"# {place}, why (")
            behind = f"  {comments[-1]}\n    "
        elif "#" in behind:
            comments.append("# own line")
        inside += f"{text}{gap}{comma}{behind}"
    target = draw(
        st.sampled_from(["", "out = ", "a, b = ", "self.x = ", "x[0] = ", "total += ", "y: Any = ", "p = q = "])
    )
    before = draw(
        st.sampled_from(
            ["", "# first, say Rebin()\nimport os\n", "%matplotlib inline\nx = '''\n(text'''\n", "if x:\n    "]
        )
    )
    after = draw(st.sampled_from(["", "\n", "  # after\nprint(1)\n", "\n\n!ls\n"]))
    source = f"{before}{target}{spec.call.function}({inside}){after}"
    return Written(source, len(before) + len(target) + 1, tuple(comments), values)
