"""Attacks on what belongs to others: homes, the hub's secrets, the archive, the environment."""

import pytest
from support.attack import Attack, Ground, probe_on_host


@pytest.fixture
def secret(ground: Ground) -> str:
    ground.alice.run("open('secret.txt', 'w').write('of alice')")
    return str(ground.home("alice") / "secret.txt")


def test_read_a_file_in_anothers_home(ground: Ground, attack: Attack, secret: str):
    attack.control(ground.alice.probe("read_file", path="/home/alice/secret.txt"))
    attack.attempt(ground.eve.probe("read_file", path="/home/alice/secret.txt"))
    attack.attempt(ground.eve.probe("read_file", path=secret))
    attack.attempt(ground.eve.probe("read_file", path="/home/eve/../alice/secret.txt"))


def test_list_anothers_home(ground: Ground, attack: Attack, secret: str):
    attack.control(ground.alice.probe("list_folder", path="/home/alice"))
    attack.attempt(ground.eve.probe("list_folder", path="/home/alice"))
    attack.attempt(ground.eve.probe("list_folder", path=str(ground.home("alice"))))


@pytest.mark.parametrize(
    "file",
    [
        "hub/accounts.sqlite",
        "hub/jupyterhub.sqlite",
        "hub/edge-secret",
        "controller/uids.json",
        "logs/hub.log",
    ],
)
def test_read_a_file_of_the_platform(ground: Ground, attack: Attack, file: str):
    path = str(ground.platform.state / file)
    attack.control(probe_on_host("read_file", path=path))
    attack.attempt(ground.eve.probe("read_file", path=path))
