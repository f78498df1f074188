"""Stand-ins for modules: nothing is loaded before it is used, and nothing is missing when it is."""

import importlib
import ssl
import sys
from pathlib import Path

import pytest

from mantidlab.server.deferral import Deferred, deferred
from mantidlab.server.leftout import certificates_on_demand


@pytest.fixture(autouse=True)
def library(tmp_path: Path, monkeypatch):
    """A package `lib` with a heavy module, and `user`, which imports it."""
    files = {
        "lib/__init__.py": "",
        "lib/heavy.py": "value = 42\nclass Thing: pass\nclass Problem(ValueError): pass\ndef work(x): return 2 * x\n",
        "lib/package/__init__.py": "value = 1\n",
        "lib/package/inner.py": "value = 2\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    for name in [name for name in sys.modules if name.partition(".")[0] in {"lib", "user"}]:
        del sys.modules[name]


def user(library: Path, text: str):
    (library / "user.py").write_text(text)
    importlib.invalidate_caches()
    return importlib.import_module("user")


def is_loaded(name: str = "lib.heavy") -> bool:
    return hasattr(sys.modules.get(name), "__file__")


def test_a_module_is_loaded_when_it_is_used(library):
    with deferred([Deferred("lib.heavy")]):
        module = user(library, "import lib.heavy as heavy\nfrom lib import heavy as again\n")
        assert not is_loaded()
    assert not is_loaded()
    assert module.heavy.value == module.again.value == 42
    assert is_loaded()


def test_a_function_imported_by_name_works_at_its_first_call(library):
    with deferred([Deferred("lib.heavy", functions=["work"])]):
        module = user(library, "from lib.heavy import work")
        assert not is_loaded()
    assert module.work(21) == 42


def test_a_name_that_nobody_foresaw_loads_the_module_at_once(library):
    with deferred([Deferred("lib.heavy", functions=["work"])]):
        module = user(library, "from lib.heavy import work, value, Thing")
    assert module.value == 42
    assert module.Thing is sys.modules["lib.heavy"].Thing


def test_a_class_is_stood_for(library):
    with deferred([Deferred("lib.heavy", classes={"Problem": ValueError})]):
        module = user(library, "from lib.heavy import Problem")
        assert not is_loaded()
    with pytest.raises(module.Problem):
        raise importlib.import_module("lib.heavy").Problem


def test_afterwards_everybody_gets_the_real_module(library):
    with deferred([Deferred("lib.heavy"), Deferred("lib.package")]):
        user(library, "import lib.heavy, lib.package")
    from lib import heavy, package

    assert Path(heavy.__file__).name == "heavy.py"
    assert package.value == 1
    assert heavy is sys.modules["lib.heavy"]


def test_an_inner_module_of_a_deferred_package_can_be_imported(library):
    with deferred([Deferred("lib.package")]):
        module = user(library, "import lib.package.inner\nimport lib.package as package")
    assert module.package.inner.value == 2
    assert sys.modules["lib.package"].inner.value == 2


def test_what_is_loaded_already_is_left_alone(library):
    heavy = importlib.import_module("lib.heavy")
    with deferred([Deferred("lib.heavy")]):
        assert sys.modules["lib.heavy"] is heavy
    assert sys.modules["lib.heavy"] is heavy


def test_what_is_not_installed_stays_not_installed():
    with deferred([Deferred("nowhere_to_be_found", functions=["f"])]), pytest.raises(ImportError):
        importlib.import_module("nowhere_to_be_found")


def test_an_optional_module_can_be_made_absent_for_a_while(library):
    with deferred([Deferred("lib.heavy", as_if_not_installed=True)]):
        module = user(library, "try:\n    import lib.heavy\n    there = True\nexcept ImportError:\n    there = False")
        assert module.there is False
    assert importlib.import_module("lib.heavy").value == 42


def test_an_error_in_the_block_takes_the_stand_ins_away_as_well(library):
    with pytest.raises(ZeroDivisionError), deferred([Deferred("lib.heavy")]):
        raise ZeroDivisionError
    assert importlib.import_module("lib.heavy").value == 42


def test_certificates_are_read_when_a_connection_needs_them(monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", __import__("certifi").where())
    with certificates_on_demand():
        context = ssl.create_default_context()
    assert context.cert_store_stats()["x509_ca"] == 0
    context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="localhost")
    assert context.cert_store_stats()["x509_ca"] > 50
    assert ssl.create_default_context().cert_store_stats()["x509_ca"] > 50
