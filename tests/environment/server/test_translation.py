"""Everything that the panels and their settings say can be said in another language, as JupyterLab's packs say it."""

import io
import json
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po
from jupyterlab_server import translation_utils
from jupyterlab_server.translation_utils import translator

import mantidlab
from mantidlab.server.translation import texts, texts_of_bundle, texts_of_schema, write

SHIPPED = Path(mantidlab.__file__).parent / "server" / "labextension"
LABEXTENSION = SHIPPED if SHIPPED.exists() else Path(sys.prefix) / "share/jupyter/labextensions/mantidlab"
SCHEMAS = sorted((LABEXTENSION / "schemas" / "mantidlab").glob("*.json"))
SPOKEN = {"title", "description", "label", "jupyter.lab.setting-icon-label"}


def spoken(value: object) -> list[str]:
    """Return what a person reads in a schema, looked for in another way than JupyterLab's selectors do."""
    if isinstance(value, list):
        return [text for one in value for text in spoken(one)]
    if not isinstance(value, dict):
        return []
    found = [text for key, text in value.items() if key in SPOKEN and isinstance(text, str)]
    return found + [text for inner in value.values() for text in spoken(inner)]


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema.stem)
def test_all_that_a_schema_says_is_looked_up_among_our_texts(schema):
    given = json.loads(schema.read_text(encoding="utf-8"))
    assert given["jupyter.lab.internationalization"]["domain"] == "mantidlab"
    assert sorted(text for _, text in texts_of_schema(given)) == sorted(spoken(given))


def test_a_bundle_says_texts_in_every_kind_of_quotes():
    source = r"""t.__("plain"),o.__('with "quotes"'),e.__(`in
two lines`,3),t.__("an \u2026 \"end\"",x),t._n("%1 row","%1 rows",n),t.__(variable),other("no text")"""
    assert list(texts_of_bundle(source)) == [
        "plain",
        'with "quotes"',
        "in\ntwo lines",
        'an … "end"',
        ("%1 row", "%1 rows"),
    ]


def test_the_list_has_the_texts_of_the_panels_and_of_their_settings():
    found = texts(LABEXTENSION)
    assert found.get("Insert call") is not None
    assert found.get("Check names of properties", context="settings") is not None
    assert found.get("MantidHub panels", context="schema") is not None
    assert len(found) > 300


@pytest.fixture
def czech(tmp_path, monkeypatch):
    """A language pack as `docs/administrator.md` tells to make it: our files in the folder of JupyterLab's own pack."""
    template = io.BytesIO()
    write_po(template, texts(LABEXTENSION))
    template.seek(0)
    catalogue = read_po(template, locale="cs_CZ", domain="mantidlab")
    translate(catalogue)
    translation = io.BytesIO()
    write_po(translation, catalogue)
    translation.seek(0)
    module = tmp_path / "jupyterlab_language_pack_cs_CZ"
    module.mkdir()
    (module / "__init__.py").touch()
    write(translation, module / "locale" / "cs_CZ" / "LC_MESSAGES")
    monkeypatch.syspath_prepend(tmp_path)
    pack = EntryPoint("cs_CZ", "jupyterlab_language_pack_cs_CZ", "jupyterlab.languagepack")
    installed = translation_utils.entry_points
    monkeypatch.setattr(
        translation_utils,
        "entry_points",
        lambda group: [pack] if group == "jupyterlab.languagepack" else installed(group=group),
    )
    yield
    translator.set_locale("en")
    sys.modules.pop("jupyterlab_language_pack_cs_CZ", None)


def translate(catalogue: Catalog) -> None:
    catalogue.get("Insert call").string = "Vložit volání"
    catalogue.get("%1 member").string = ("%1 člen", "%1 členové", "%1 členů")
    catalogue.get("Check names of properties", context="settings").string = "Hlídat názvy vlastností"


def test_pages_and_settings_speak_the_language_of_a_pack(czech):
    said, problems = translation_utils.get_language_pack("cs_CZ")
    assert problems == ""
    assert said["mantidlab"]["Insert call"] == ["Vložit volání"]
    assert said["mantidlab"]["%1 member"] == ["%1 člen", "%1 členové", "%1 členů"]
    assert "Reset" not in said["mantidlab"]  # not translated: the page says it in English
    translator.set_locale("cs_CZ")
    editor = json.loads((LABEXTENSION / "schemas" / "mantidlab" / "editor.json").read_text(encoding="utf-8"))
    translated = translator.translate_schema(editor)
    assert translated["properties"]["checkNames"]["title"] == "Hlídat názvy vlastností"
    assert translated["properties"]["helpOnHover"]["title"] == "Explain what the pointer rests on"
