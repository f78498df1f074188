"""People choose environment, size and further kernels, on the page and through the API; the session gets just that."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
import requests
from support.environments import (
    earlier_build,
    looks_built,
    preparation,
    second_environment,
    shipped_environment,
    use_environments,
)
from support.person import PASSWORD, Person
from support.platform import Platform

from mantidhub.environments import Environment

CONFIG = """
[facility]
name = "ISIS"
instrument = "SANS2D"

[sessions.sizes.small]
title = "Looking at data"
memory = "1 GiB"
cpus = 1

[sessions.sizes.usual]
title = "Most work"
memory = "2 GiB"
cpus = 2

[sessions.sizes.giant]
title = "Everything at once"
memory = "4000 GiB"
cpus = 2000
"""
VARIABLE = "import os; print(os.environ.get({!r}))"


@pytest.fixture(scope="module")
def scipp() -> Environment:
    return shipped_environment()


@pytest.fixture(scope="module")
def second() -> Environment:
    return second_environment()


@pytest.fixture(scope="module")
def earlier(scipp: Environment, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    # hard links do not leave the file system
    return earlier_build(scipp, Path(str(tmp_path_factory.mktemp("earlier"))))


@pytest.fixture(scope="module")
def folder(
    tmp_path_factory: pytest.TempPathFactory, scipp: Environment, second: Environment, earlier: Environment
) -> Path:
    return use_environments(tmp_path_factory.mktemp("choosing") / "State", (scipp, second, earlier))


@pytest.fixture(scope="module")
def platform(folder: Path) -> Iterator[Platform]:
    config = folder.parent.parent / "mantidhub.toml"
    config.write_text(CONFIG)
    running = Platform(folder.parent, ("--config", str(config))).start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def administrator(platform: Platform) -> Person:
    return Person.from_link(platform.administrators_link, "admin")


@pytest.fixture(scope="module")
def anna(platform: Platform) -> Person:
    return Person.from_link(platform.invite("anna"), "anna")


def said(page: requests.Response) -> str:
    """Return a page as it reads."""
    text = re.sub(r"<(script|style)\b.*?</\1>", "", page.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def chosen_in(page: requests.Response) -> dict[str, list[str]]:
    """Return what is ticked in the form."""
    ticked: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*\bchecked[^>]*>", page.text):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]+)"', tag)
        assert name and value
        ticked.setdefault(name[1], []).append(value[1])
    return ticked


def post(person: Person, path: str, **fields: object) -> requests.Response:
    page = person.web.get(f"{person.address}/hub/home")
    return person.web.post(f"{person.address}{path}", data={"_xsrf": person._xsrf(page.text), **fields})


def is_running(person: Person, server: str = "") -> bool:
    return server in person.hub("GET", f"/users/{person.name}").json()["servers"]


@pytest.fixture(autouse=True)
def stopped(anna: Person) -> Iterator[None]:
    yield
    for server in list(anna.hub("GET", "/users/anna").json()["servers"]):
        anna.stop_session(server)


def test_looking_at_the_page_starts_nothing_whatever_its_address_says(anna: Person, second: Environment):
    for query in ("", "?environment=second", f"?environment={second.id}", "?environment=nonsense", "?opt-size=small"):
        page = anna.web.get(f"{anna.address}/hub/spawn/anna{query}")
        assert page.status_code == 200
        assert "Start your server" in said(page)
        assert not is_running(anna), query
    anna.web.get(f"{anna.address}/hub/spawn/anna/unheard-of")
    known = anna.hub("GET", "/users/anna", params={"include_stopped_servers": True}).json()["servers"]
    assert "unheard-of" not in known, "and no server is made"


def test_the_page_shows_all_there_is_to_choose(anna: Person, scipp: Environment, earlier: Environment):
    page = anna.web.get(f"{anna.address}/hub/spawn")
    words = said(page)
    assert f"scipp {scipp.packages['scipp']}" in words
    assert f"scippneutron {scipp.packages['scippneutron']}" in words
    assert "Second software" in words and "Nightly" in words
    assert "Earlier versions" in words and "scipp 24.2.0" in words and "Built 3 February 2024" in words
    assert "Most work 2 cores, 2 GiB" in words and "Looking at data 1 core, 1 GiB" in words
    assert "Everything at once" not in words, "larger than this host"
    assert chosen_in(page) == {"environment": ["scipp"], "size": ["small"]}


def test_a_session_has_what_was_chosen_in_the_form(anna: Person, scipp: Environment, second: Environment):
    post(anna, "/hub/spawn/anna", environment="second", size="usual", kernels=["scipp", "second"])
    anna.wait_for_session()
    kernel = anna.kernel()

    def variable(name: str) -> str:
        return kernel.run(VARIABLE.format(name)).text.strip()

    assert variable("MANTIDHUB_ENVIRONMENT") == "second"
    assert variable("MANTIDHUB_ENVIRONMENT_HASH") == second.hash
    assert variable("MANTIDHUB_ENVIRONMENT_LOCK") == second.lock_hash
    assert variable("MANTIDHUB_ENVIRONMENT_TITLE") == "Second software"
    assert variable("MANTIDHUB_MEMORY") == str(2 * 2**30)
    assert (variable("MANTIDHUB_CPUS"), variable("OMP_NUM_THREADS")) == ("2", "2")
    assert (variable("MANTIDHUB_FACILITY"), variable("MANTIDHUB_INSTRUMENT")) == ("ISIS", "SANS2D")
    assert variable("MANTIDHUB_SPAWN_URL") == "/hub/spawn/anna"
    assert variable("SECOND_VARIABLE") == "from the second"
    names = {found["spec"]["display_name"]: name for name, found in anna.kernel_specifications().items()}
    label = f"scipp {scipp.packages['scipp']}"
    assert names == {"Second software": "python3", label: "mantidhub-scipp"}, "its own is the usual one"
    further = anna.kernel(names[label])
    assert further.run("import scipp, sys; print(sys.prefix)").text.strip() == str(scipp.prefix)
    assert further.run(VARIABLE.format("MANTIDHUB_ENVIRONMENT_LOCK")).text.strip() == scipp.lock_hash
    assert further.run(VARIABLE.format("SECOND_VARIABLE")).text.strip() == "None", "it belongs to the other one"
    refused = kernel.run(f"open({str(scipp.prefix)!r} + '/planted', 'w')")
    assert "Read-only file system" in refused.error


def test_files_that_any_of_the_environments_asks_for_are_there_and_cannot_be_changed(anna: Person):
    anna.start_session(choice={"environment": "scipp", "kernels": ["second"], "size": "small"})
    kernel = anna.kernel()
    assert kernel.run("print(open('/etc/second.properties').read())").text.splitlines() == [
        "threads=1",
        f"memory={2**30}",
        "facility=ISIS",
        "data=/data/instrument",
        "home=/home/anna",
        "own={own}",
        "",
    ]
    assert "Read-only" in kernel.run("open('/etc/second.properties', 'w')").error
    anna.stop_session()
    anna.start_session(choice={"environment": "scipp", "size": "small"})
    assert "No such file" in anna.kernel().run("open('/etc/second.properties')").error, "not asked for, not there"


def test_the_choice_is_remembered_for_each_server_and_survives_the_hub(anna: Person, platform: Platform):
    anna.start_session("fits", choice={"environment": "second", "size": "usual"})
    anna.stop_session("fits")
    anna.start_session(choice={"environment": "scipp", "kernels": ["second"], "size": "small"})
    anna.stop_session()
    platform.stop()
    platform.start(port=platform.port)
    page = anna.web.get(f"{anna.address}/hub/spawn/anna")
    assert chosen_in(page) == {"environment": ["scipp"], "size": ["small"], "kernels": ["second"]}
    assert chosen_in(anna.web.get(f"{anna.address}/hub/spawn/anna/fits")) == {
        "environment": ["second"],
        "size": ["usual"],
    }
    assert chosen_in(anna.web.get(f"{anna.address}/hub/spawn/anna/new-one")) == chosen_in(page), "as the one used last"
    home = said(anna.web.get(f"{anna.address}/hub/home"))
    assert "Starts with scipp" in home and "+ Second software · 1 core, 1 GiB" in home
    assert "Starts with Second software · 2 cores, 2 GiB" in home
    post(anna, "/hub/spawn/anna/fits")
    anna.wait_for_session("fits")
    assert "Runs with Second software · 2 cores, 2 GiB" in said(anna.web.get(f"{anna.address}/hub/home"))


def test_an_earlier_version_is_opened_by_its_link_and_kept(anna: Person, earlier: Environment):
    page = anna.web.get(f"{anna.address}/hub/spawn/anna?environment={earlier.id}")
    assert chosen_in(page)["environment"] == [earlier.id]
    assert "You were sent here to start with scipp 24.2.0" in said(page)
    post(anna, "/hub/spawn/anna", environment=earlier.id, size="small")
    anna.wait_for_session()
    assert anna.kernel().run(VARIABLE.format("MANTIDHUB_ENVIRONMENT_LOCK")).text.strip() == earlier.lock_hash
    anna.stop_session()
    assert chosen_in(anna.web.get(f"{anna.address}/hub/spawn/anna"))["environment"] == [earlier.id]


def test_a_running_server_is_stopped_only_when_that_is_asked_for(anna: Person, second: Environment):
    anna.start_session(choice={"environment": "scipp", "size": "small"})
    page = anna.web.get(f"{anna.address}/hub/spawn/anna?environment=second")
    assert "is running with scipp" in said(page) and "Stop it and start anew" in said(page)
    post(anna, "/hub/spawn/anna", environment="second", size="small")
    code = VARIABLE.format("MANTIDHUB_ENVIRONMENT")
    assert anna.kernel().run(code).text == "scipp\n", "a form from before it ran changes nothing"
    answer = post(anna, "/hub/spawn/anna", environment="nothing-here", size="small", restart="yes")
    assert answer.status_code == 400 and "goes on as it was" in said(answer)
    assert anna.kernel().run(code).text == "scipp\n"
    post(anna, "/hub/spawn/anna", environment="second", size="small", restart="yes")
    anna.wait_for_session()
    assert anna.kernel().run(code).text == "second\n"
    answer = anna.web.get(f"{anna.address}/hub/spawn/anna?environment={second.id}", allow_redirects=False)
    assert answer.headers["Location"].startswith("/user/anna"), "it runs with that already"


def test_a_form_from_before_the_server_ran_is_not_dropped_without_a_word(anna: Person):
    anna.start_session(choice={"environment": "scipp", "size": "small"})
    answer = post(anna, "/hub/spawn/anna", environment="second", size="usual")
    assert answer.status_code == 400
    assert "Your server was started meanwhile, with something else than you chose here." in said(answer)
    assert "is running with scipp" in said(answer) and "could not start" not in said(answer)
    assert chosen_in(answer) == {"environment": ["second"], "size": ["usual"]}, "one more tap, and it is as chosen"
    answer = post(anna, "/hub/spawn/anna", environment="scipp", size="small")
    assert answer.url.startswith(f"{anna.address}/user/anna"), "the same form sent twice leads to the server"


def test_a_running_server_is_not_stopped_for_more_kernels_than_it_can_have(anna: Person, folder: Path):
    anna.start_session(choice={"environment": "scipp", "size": "small"})
    kernel = anna.kernel()
    with looks_built(folder, [f"kernel{number}" for number in range(5)]) as names:
        answer = post(anna, "/hub/spawn/anna", environment="scipp", size="small", kernels=names, restart="yes")
        assert "You can tick 4 at most." in said(answer)
    assert answer.status_code == 400
    assert "goes on as it was" in said(answer) and "Left out: Kernel 4." in said(answer)
    assert kernel.run("print(6 * 7)").text == "42\n"


def test_an_administrator_is_told_whose_server_it_is(anna: Person, administrator: Person):
    anna.start_session(choice={"environment": "scipp", "size": "small"})
    page = said(administrator.web.get(f"{administrator.address}/hub/spawn/anna?environment=second"))
    assert "Start the server of anna" in page and "The server of anna is running with scipp" in page


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"environment": "nonsense"}, "There is no environment nonsense here. There is scipp, second."),
        ({"environment": "scipp-000000000000"}, "There is no environment scipp-000000000000 here."),
        ({"environment": 5}, "environment = 5: it must be the name or the id of an environment."),
        ({"environment": "../../etc"}, "it must be the name or the id of an environment."),
        ({"size": "giant"}, "The size giant is larger than this host; there is small, usual."),
        ({"size": "tiny"}, "The size tiny is not known; there is small, usual."),
        ({"kernels": "scipp"}, "kernels = 'scipp': it must be a list of names or ids of environments."),
        ({"kernels": ["a", "b", "c", "d", "e"]}, "can have 4 further kernels, and 5 were asked for."),
        ({"colour": "red"}, "A session has no option 'colour'; there are environment, size, kernels."),
    ],
)
def test_what_cannot_be_started_is_refused_in_a_sentence_and_not_remembered(
    anna: Person, options: dict[str, object], sentence: str
):
    anna.start_session(choice={"environment": "second", "size": "small"})
    anna.stop_session()
    answer = anna.hub("POST", "/users/anna/server", json=options)
    assert answer.status_code == 400
    assert sentence in answer.json()["message"]
    assert chosen_in(anna.web.get(f"{anna.address}/hub/spawn/anna")) == {"environment": ["second"], "size": ["small"]}
    assert anna.hub("POST", "/users/anna/server").status_code in {201, 202}, "and what was remembered starts"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"environment": "nonsense", "size": "small"}, "There is no environment nonsense here."),
        ({"environment": "<script>", "size": "small"}, "it must be the name or the id of an environment."),
        ({"environment": ["scipp", "second"], "size": "small"}, "The form names 2 times what environment"),
        ({"environment": "scipp", "size": "\x00"}, "it must be the name of a size."),
        ({"environment": "scipp", "size": "small", "kernels": ["?"]}, "it must be a list of names or ids"),
    ],
)
def test_a_form_with_nonsense_is_shown_again_with_a_sentence(anna: Person, fields: dict[str, object], sentence: str):
    answer = post(anna, "/hub/spawn/anna", **fields)
    assert answer.status_code == 400
    assert sentence in said(answer) and "could not start" in said(answer)
    assert not is_running(anna)


def test_a_form_without_the_word_of_its_page_starts_nothing(anna: Person):
    answer = anna.web.post(f"{anna.address}/hub/spawn/anna", data={"environment": "scipp", "size": "small"})
    assert answer.status_code == 403
    assert not is_running(anna)


def test_what_is_gone_is_replaced_by_the_newest_of_its_name_and_that_is_said(
    anna: Person, folder: Path, earlier: Environment
):
    anna.start_session(choice={"environment": earlier.id, "size": "small"})
    anna.stop_session()
    link = folder / earlier.id
    link.unlink()
    try:
        page = anna.web.get(f"{anna.address}/hub/spawn/anna")
        assert f"The environment {earlier.id}, which you used last, is not here any more." in said(page)
        assert chosen_in(page)["environment"] == ["scipp"]
        assert "is not here any more" in said(anna.web.get(f"{anna.address}/hub/home"))
        anna.start_session()
        assert anna.kernel().run(VARIABLE.format("MANTIDHUB_ENVIRONMENT")).text == "scipp\n"
    finally:
        link.symlink_to(earlier.prefix)


def test_a_link_to_a_build_that_is_gone_leads_to_the_newest_of_its_name(anna: Person):
    anna.start_session(choice={"environment": "second", "size": "small"})
    anna.stop_session()
    page = anna.web.get(f"{anna.address}/hub/spawn/anna?environment=scipp-{'0' * 12}")
    assert chosen_in(page)["environment"] == ["scipp"], "not what was used last"
    assert "which is not here, or not any more. scipp" in said(page)


def test_a_link_to_a_build_that_is_gone_leads_to_one_of_the_same_packages(anna: Person, earlier: Environment):
    gone = f"scipp-{'0' * 12}"
    page = anna.web.get(f"{anna.address}/hub/spawn/anna?environment={gone}&lock={earlier.lock_hash}")
    assert chosen_in(page)["environment"] == [earlier.id]
    assert "You were sent here to start with scipp 24.2.0, so that is chosen." in said(page)
    page = anna.web.get(f"{anna.address}/hub/spawn/anna?environment={gone}&lock=x")
    assert "which is not here, or not any more." in said(page)


def test_what_is_being_prepared_and_what_failed_is_shown(anna: Person, administrator: Person, folder: Path):
    with preparation(folder, "mantid") as mantid, preparation(folder, "other") as other:
        mantid(title="Mantid 6.16", state="building", message="Downloading packages", done=43, total=100)
        other(title="Other", state="failed", message="The channels could not be reached.")
        page = anna.web.get(f"{anna.address}/hub/spawn/anna")
        assert "Mantid 6.16 Being prepared: 43 % Downloading packages" in said(page)
        assert "Other Not there: it could not be prepared. If you need it, please tell your administrator" in said(page)
        assert "The channels could not be reached." not in said(page)
        page = administrator.web.get(f"{anna.address}/hub/spawn/admin")
        assert "For you as an administrator: The channels could not be reached." in said(page)
        wanted = said(anna.web.get(f"{anna.address}/hub/spawn/anna?environment=mantid"))
        assert "You were sent here to start with Mantid 6.16, which is being prepared." in wanted


def test_who_never_chose_is_asked_after_sign_in_and_who_did_is_inside(platform: Platform):
    bert = Person.from_link(platform.invite("bert"), "bert")
    assert not is_running(bert), "there are two environments: a question that has no right answer"
    bert.start_session(choice={"environment": "second", "size": "small"})
    bert.stop_session()
    browser = requests.Session()
    page = browser.get(f"{platform.address}/hub/login")
    form = {"_xsrf": bert._xsrf(page.text), "username": "bert", "password": PASSWORD}
    answer = browser.post(f"{platform.address}/hub/login?next=%2Fhub%2F", data=form)
    assert answer.url.startswith((f"{platform.address}/user/bert", f"{platform.address}/hub/spawn-pending/bert"))
    bert.wait_for_session()
    assert bert.kernel().run(VARIABLE.format("MANTIDHUB_ENVIRONMENT")).text == "second\n"
    bert.stop_session()
    other = requests.Session()
    page = other.get(f"{platform.address}/hub/login")
    form["_xsrf"] = bert._xsrf(page.text)
    answer = other.post(f"{platform.address}/hub/login?next=%2Fhub%2Fhome", data=form)
    assert answer.url == f"{platform.address}/hub/home"
    assert not is_running(bert), "who wanted to go elsewhere gets no server"
