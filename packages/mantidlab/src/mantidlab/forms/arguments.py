"""What stands between the brackets of a call, taken apart so that arguments can go and come and all else stays."""

from dataclasses import dataclass

from mantidlab.forms.calls import Argument, CallText


@dataclass
class Item:
    """One argument with what stands around it; put together again, these are the source letter by letter.

    Attributes
    ----------
    arguments
        More than one where ``**{…}`` gives them; none for a new one.
    lead
        Space, ends of lines and comments before it.
    text
        The argument.
    gap
        What stands between it and its comma.
    comma
        Whether one follows.
    behind
        The rest of the line after the comma, where the line ends there.
    """

    arguments: tuple[Argument, ...]
    lead: str
    text: str
    gap: str
    comma: bool
    behind: str

    def written(self) -> str:
        """Return all of it."""
        return f"{self.lead}{self.text}{self.gap}{',' if self.comma else ''}{self.behind}"


class Items:
    """The arguments of one call, as they are written."""

    def __init__(self, source: str, call: CallText) -> None:
        self.items: list[Item] = []
        at = call.opening + 1
        groups: dict[int, list[Argument]] = {}
        for argument in call.arguments:
            groups.setdefault(argument.among, []).append(argument)
        for group in groups.values():
            first = group[0]
            lead, text = source[at : first.start], source[first.start : first.end]
            comma = _comma(source, first.end, call.closing)
            if comma is None:
                self.items.append(Item(tuple(group), lead, text, "", False, ""))
                at = first.end
                continue
            at = comma + 1
            line_end = source.find("\n", at, call.closing)
            rest = source[at:line_end].lstrip() if line_end >= 0 else "more"
            behind = source[at:line_end] if not rest or rest.startswith("#") else ""
            self.items.append(Item(tuple(group), lead, text, source[first.end : comma], True, behind))
            at += len(behind)
        self.tail = source[at : call.closing]

    def written(self) -> str:
        """Return what stands between the brackets."""
        return "".join(item.written() for item in self.items) + self.tail

    def take_out(self, item: Item) -> None:
        """Take out an argument with its comma; what comments say stays."""
        place = self.items.index(item)
        last = place == len(self.items) - 1
        before = self.items[place - 1] if place else None
        del self.items[place]
        comments = "#" in item.lead + item.gap + item.behind
        kept = f"{item.lead}{item.gap.lstrip(' ')}{item.behind.lstrip()}" if comments else ""
        if not last:
            following = self.items[place]
            same_line = "\n" not in following.lead
            following.lead = f"{kept}{following.lead}" if kept else item.lead if same_line else following.lead
            return
        if before is not None:
            before.comma = item.comma
            before.gap = before.gap if before.comma or "#" in before.gap else ""
            # Without its line's end, a comment before it would swallow the bracket.
            needed = "#" in before.behind + before.gap and not self.tail.lstrip(" ").startswith("\n")
            kept = kept or (item.lead if needed else "")
        self.tail = f"{kept}{self.tail}"

    def put_in(self, text: str) -> None:
        """Put an argument behind all others but ``**options``, laid out as these are."""
        place = len(self.items)
        while place and self._is_rest(self.items[place - 1]):
            place -= 1
        if not self.items:
            lead, self.tail = (self.tail, "") if "#" in self.tail else ("", "")
            self.items.append(Item((), lead, text, "", False, ""))
        elif place == 0:
            first = self.items[0]
            self.items.insert(0, Item((), first.lead, text, "", True, ""))
            first.lead = first.lead if "\n" in first.lead else " "
        else:
            self._put_behind(self.items[place - 1], place, text)

    def put_unnamed(self, text: str) -> None:
        """Put an argument behind those without a name."""
        place = next((place for place, item in enumerate(self.items) if not self._is_unnamed(item)), len(self.items))
        if place == len(self.items):
            self.put_in(text)
            return
        following = self.items[place]
        self.items.insert(place, Item((), following.lead, text, "", True, ""))
        following.lead = following.lead if "\n" in following.lead else " "

    def _put_behind(self, before: Item, place: int, text: str) -> None:
        comma = True
        if place == len(self.items):
            comma, before.comma = before.comma, True
            if not comma:
                line, end, rest = self.tail.partition("\n")
                if "#" in line:  # it belongs to the one before
                    before.behind, self.tail = before.behind + line, end + rest
        own_line = "\n" in before.lead or "#" in before.behind
        lead = f"\n{before.lead.rpartition(chr(10))[2]}" if "\n" in before.lead else "\n    " if own_line else " "
        self.items.insert(place, Item((), lead, text, "", comma, ""))

    @staticmethod
    def _is_unnamed(item: Item) -> bool:
        return all(one.name is None and not one.stars for one in item.arguments)

    @staticmethod
    def _is_rest(item: Item) -> bool:
        return any(one.stars == "**" and one.name is None for one in item.arguments)


def _comma(source: str, start: int, end: int) -> int | None:
    """Return where the comma behind an argument stands, which is not one in a comment."""
    at = start
    while at < end:
        if source[at] == ",":
            return at
        if source[at] == "#":
            at = source.find("\n", at, end)
            if at < 0:
                return None
        elif not source[at].isspace() and source[at] != "\\":
            return None  # the next argument, which cannot be
        at += 1
    return None
