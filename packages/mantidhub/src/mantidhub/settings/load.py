"""Read the configuration file; each mistake with its file and line, what was found and what is allowed."""

import difflib
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from mantidhub.errors import SettingsError
from mantidhub.settings.model import ON_THIS_HOST, Settings

_TABLE = re.compile(r"\s*\[{1,2}\s*([A-Za-z0-9_.\-]+)\s*\]")
_KEY = re.compile(r"\s*([A-Za-z0-9_\-]+|\"[^\"]+\")\s*(?:\.\s*([A-Za-z0-9_\-]+)\s*)?=")
_PASSWORD = re.compile(r"//[^/\s@'\"]+@")
_TOKEN = re.compile(r"(?<=\w)/t/[^/\s'\"]+")
_ALLOWED = {
    "bool_type": "allowed is true or false",
    "dict_type": "allowed is a section [{setting}] or sections [{setting}.NAME]",
    "mapping_type": "allowed is a section [{setting}] or sections [{setting}.NAME]",
    "float_type": "allowed is a number",
    "greater_than": "allowed is more than {gt}",
    "greater_than_equal": "allowed is at least {ge}",
    "int_type": "allowed is a whole number",
    "literal_error": "allowed is {expected}",
    "less_than_equal": "allowed is at most {le}",
    "missing": "it is missing",
    "model_type": "allowed is a section [{setting}]",
    "path_type": "allowed is a path in quotes",
    "string_too_short": "allowed is a text that is not empty",
    "string_type": "allowed is a text in quotes",
    "tuple_type": 'allowed is a list, such as ["scipp"]',
    "too_short": "allowed is at least one table [{setting}.NAME]",
}
"""What pydantic's kinds of mistakes mean to the person who wrote the file."""
_PATHS = {
    ("server", "certificate"),
    ("server", "private_key"),
    ("environments", "specifications"),
    ("environments", "credentials"),
    ("environments", "cache"),
    ("data", "archive"),
    ("data", "examples"),
    ("docker", "socket"),
}


def load_settings(file: Path | None, overrides: Mapping[str, Mapping[str, Any]] | None = None) -> Settings:
    """Read and check the configuration file.

    Parameters
    ----------
    file
        The TOML file; defaults alone if None. Relative paths in it are relative to its folder.
    overrides
        Settings from the command line, by section; they win over the file.

    Raises
    ------
    SettingsError
        With one line for each mistake: ``file:line: setting: found …; allowed …``.
    """
    text, content = ("", {}) if file is None else _read(file)
    folder = Path.cwd() if file is None else file.absolute().parent
    for section, key in _PATHS:
        value = content.get(section, {}).get(key) if isinstance(content.get(section, {}), dict) else None
        # An address is no path; the model says what belongs there.
        if isinstance(value, str) and "://" not in value:
            content[section][key] = str(folder / Path(value).expanduser())
    for section, values in (overrides or {}).items():
        content.setdefault(section, {}).update(values)
    try:
        return Settings.model_validate(content, context=ON_THIS_HOST)
    except ValidationError as error:
        where = "command line" if file is None else str(file)
        mistakes = [_mistake(where, text, dict(problem)) for problem in error.errors()]
        raise SettingsError("\n".join(mistakes)) from error


def _read(file: Path) -> tuple[str, dict[str, Any]]:
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise SettingsError(
            f"{file}: there is no such file; give another with --config, or none for defaults."
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: cannot be read: {error}.") from error
    try:
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        number = line[1] if line else str(text.count("\n") + 1)
        what = str(error).split(" (at ", maxsplit=1)[0]
        raise SettingsError(f"{file}:{number}: this is not TOML: {what[0].lower()}{what[1:]}.") from error


def _mistake(file: str, text: str, problem: dict[str, Any]) -> str:
    location = [str(part) for part in problem["loc"] if part != "[key]"]
    line = line_of(text, location)
    place = f"{file}:{line}" if line else file
    setting = ".".join(location)
    if problem["type"] == "extra_forbidden":
        return f"{place}: {setting}: {_unknown(location)}"
    message = _ALLOWED.get(problem["type"], "{msg}").format(
        msg=problem["msg"].removeprefix("Value error, ").rstrip("."), setting=setting, **problem.get("ctx", {})
    )
    found = problem["input"]
    shown = "" if isinstance(found, BaseModel | dict) else f"found {conceal(repr(found))}; "
    return f"{place}: {setting}: {shown}{message}."


def _unknown(location: Sequence[str]) -> str:
    model: type[BaseModel] = Settings
    for part in location[:-1]:
        if part not in model.model_fields:
            continue  # the name that somebody gave to one of several tables
        annotation = model.model_fields[part].annotation
        inner = [annotation, *get_args(annotation)]
        model = next((kind for kind in inner if isinstance(kind, type) and issubclass(kind, BaseModel)), model)
    known = list(model.model_fields)
    near = difflib.get_close_matches(location[-1], known, n=1)
    kind = "section" if model is Settings else "setting"
    hint = f"did you mean {near[0]}? " if near else ""
    return f"there is no such {kind}; {hint}allowed are {', '.join(known)}."


def conceal(text: str) -> str:
    """Return a text without the passwords and tokens that addresses in it hold: messages are copied and logged."""
    return _TOKEN.sub("/t/***", _PASSWORD.sub("//***@", text))


def line_of(text: str, location: Sequence[str]) -> int | None:
    """Find the line on which a setting is written, or that of its section, counted from 1; None if neither is there."""
    table: list[str] = []
    section_line = None
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _TABLE.match(line):
            table = header[1].split(".")
            if table == list(location[: len(table)]):
                section_line = number
        elif key := _KEY.match(line):
            path = [*table, *(part.strip('"') for part in key.groups() if part)]
            if path == list(location[: len(path)]):
                return number
    return section_line
