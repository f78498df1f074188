"""Sessions as their users know them: start, stop, start again, a second one, and words when one does not start."""

import os

import pytest
from support.person import Person
from support.platform import Platform, wait_until


def test_a_session_answers_and_runs_a_cell(alice: Person):
    assert alice.session("GET", "/api/status").status_code == 200
    assert alice.kernel().run("print(6 * 7)").text == "42\n"


def test_a_session_knows_its_user_and_environment(alice: Person):
    code = "import os; print(os.environ['USER'], os.getcwd(), os.environ['MANTIDHUB_ENVIRONMENT'])"
    assert alice.kernel().run(code).text == "alice /home/alice scipp\n"


def test_scipp_reads_the_archive(alice: Person):
    code = "import scipp, os; print(len(os.listdir('/data/instrument')) >= 3)"
    assert alice.kernel().run(code).text == "True\n"


def test_new_users_find_the_examples_in_their_home(bob: Person):
    names = bob.kernel().run("import os; print(sorted(os.listdir('examples')))").text
    assert "sans-spheres.ipynb" in names


def test_stop_and_start_again_keeps_the_home(platform: Platform):
    carol = Person.from_link(platform.invite("carol"), "carol")
    carol.start_session()
    carol.kernel().run("open('notes.txt', 'w').write('kept')")
    carol.stop_session()
    assert carol.session("GET", "/api/status").status_code in {403, 404, 424, 503}
    carol.start_session()
    assert carol.kernel().run("print(open('notes.txt').read())").text == "kept\n"


def test_a_second_named_session_runs_beside_the_first(alice: Person):
    alice.start_session("second")
    try:
        first, second = alice.kernel(), alice.kernel(server="second")
        assert second.run("import os; print(os.environ['JUPYTERHUB_SERVER_NAME'])").text == "second\n"
        where = "import os; print(os.readlink('/proc/self/ns/pid'))"
        assert first.run(where).text != second.run(where).text
    finally:
        alice.stop_session("second")
    assert first.run("print('still here')").text == "still here\n"


def test_a_removed_user_has_no_session_left(platform: Platform):
    dora = Person.from_link(platform.invite("dora"), "dora")
    dora.start_session()
    platform.command("user", "remove", "dora")
    assert not (platform.state / "controller" / "records" / "dora.json").exists()
    wait_until(lambda: dora.hub("GET", "/user").status_code == 403, limit=3, what="tokens of a removed user are void")


def test_an_administrator_can_start_the_session_of_somebody_who_never_signed_in(
    platform: Platform, administrator: Person
):
    link = platform.invite("judy")
    assert administrator.hub("POST", "/users/judy").status_code == 201
    assert administrator.hub("POST", "/users/judy/server").status_code == 201
    judy = Person.from_link(link, "judy")
    assert judy.hub("GET", "/users/judy").json()["servers"][""]["ready"]


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give people user ids of their own")
def test_every_user_has_an_id_of_their_own_that_never_changes(platform: Platform, alice: Person, bob: Person):
    ids = {person.name: int(person.kernel().run("import os; print(os.getuid())").text) for person in (alice, bob)}
    assert ids["alice"] != ids["bob"]
    assert min(ids.values()) >= 1_900_000_100
    for name, uid in ids.items():
        assert (platform.state / "homes" / name).stat().st_uid == uid
