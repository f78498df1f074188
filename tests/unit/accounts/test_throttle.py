"""Wrong passwords are slowed down."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from argon2 import PasswordHasher

from mantidhub.accounts.passwords import Passwords
from mantidhub.accounts.sign_in import SignIn, TooEarly
from mantidhub.accounts.store import AccountStore
from mantidhub.accounts.throttle import Throttle

GOOD = "seven grey mantids"
NOW = timedelta(0)


@pytest.fixture
def throttle(store: AccountStore, clock: Any) -> Throttle:
    return Throttle(store.database, clock=clock)


@pytest.fixture
def sign_in(store: AccountStore, throttle: Throttle) -> SignIn:
    store.use_link(store.add("ada").token, GOOD)
    return SignIn(store, throttle)


def addresses() -> Any:
    return (f"10.0.{number // 250}.{number % 250}" for number in range(60_000))


def test_after_five_wrong_attempts_the_wait_doubles_up_to_fifteen_minutes(throttle: Throttle, clock: Any) -> None:
    from_everywhere, waits = addresses(), []
    for _ in range(4):
        throttle.admit("ada", next(from_everywhere))
    for _ in range(12):
        assert throttle.admit("ada", next(from_everywhere)) == NOW
        waits.append(throttle.admit("ada", next(from_everywhere)).total_seconds())
        clock.turn(seconds=waits[-1])
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]


def test_exactly_five_attempts_are_free(throttle: Throttle) -> None:
    from_everywhere = addresses()
    waits = [throttle.admit("ada", next(from_everywhere)) for _ in range(7)]
    assert waits == [NOW] * 5 + [timedelta(seconds=2)] * 2


def test_impatience_does_not_prolong_the_wait(throttle: Throttle, clock: Any) -> None:
    from_everywhere = addresses()
    for _ in range(5):
        throttle.admit("ada", next(from_everywhere))
    for _ in range(100):
        throttle.admit("ada", next(from_everywhere))
    clock.turn(seconds=2)
    assert throttle.admit("ada", next(from_everywhere)) == NOW


def test_guesses_sent_side_by_side_are_counted_one_by_one(throttle: Throttle) -> None:
    with ThreadPoolExecutor(16) as pool:
        waits = list(pool.map(lambda address: throttle.admit("ada", address), list(addresses())[:64]))
    assert waits.count(NOW) == 5


def test_accounts_do_not_slow_each_other_down_but_an_address_does(throttle: Throttle) -> None:
    from_everywhere = addresses()
    for _ in range(6):
        throttle.admit("ada", next(from_everywhere))
    assert throttle.admit("bert", next(from_everywhere)) == NOW
    waits = [throttle.admit(f"guess{number}", "192.0.2.1") for number in range(21)]
    assert waits == [NOW] * 20 + [timedelta(seconds=2)]


def test_an_attempt_that_its_address_forbids_does_not_count_for_the_account(throttle: Throttle) -> None:
    for number in range(20):
        throttle.admit(f"guess{number}", "192.0.2.1")
    for _ in range(20):
        assert throttle.admit("ada", "192.0.2.1") > NOW
    assert throttle.admit("ada", "192.0.2.2") == NOW


def test_success_clears_the_account_and_takes_the_attempt_back_from_the_address(throttle: Throttle) -> None:
    for number in range(100):  # a full lecture hall behind one address
        assert throttle.admit(f"student{number}", "192.0.2.1") == NOW
        throttle.succeeded(f"student{number}", "192.0.2.1")
    assert [throttle.admit(f"typo{number}", "192.0.2.1") for number in range(20)] == [NOW] * 20
    for _ in range(4):
        throttle.admit("ada", "192.0.2.2")
    throttle.succeeded("ada", "192.0.2.2")
    from_everywhere = addresses()
    assert [throttle.admit("ada", next(from_everywhere)) for _ in range(5)] == [NOW] * 5


def test_an_address_is_forgiven_bit_by_bit(throttle: Throttle, clock: Any) -> None:
    for number in range(200):  # one typing error each ten minutes, all day long
        assert throttle.admit(f"user{number}", "192.0.2.1") == NOW
        clock.turn(seconds=600)


def test_old_counts_are_forgotten(throttle: Throttle, clock: Any, store: AccountStore) -> None:
    from_everywhere = addresses()
    for _ in range(5):
        throttle.admit("ada", next(from_everywhere))
    clock.turn(hours=24, seconds=1)
    assert [throttle.admit("ada", "192.0.2.9") for _ in range(5)] == [NOW] * 5
    with store.database.reading() as connection:
        assert connection.execute("SELECT count(*) FROM attempts").fetchone()[0] == 2


def test_a_clock_set_back_locks_nobody_out_for_longer(throttle: Throttle, clock: Any) -> None:
    from_everywhere = addresses()
    for _ in range(5):
        throttle.admit("ada", next(from_everywhere))
    clock.turn(days=-30)
    assert throttle.admit("ada", next(from_everywhere)) == timedelta(minutes=15)


def test_a_locked_account_does_not_test_even_the_right_password(sign_in: SignIn, clock: Any) -> None:
    for _ in range(5):
        assert sign_in.with_password("ada", "wrong", address="192.0.2.1") is None
    assert sign_in.with_password("ada", GOOD, address="192.0.2.2") == TooEarly(timedelta(seconds=2))
    clock.turn(seconds=2)
    account = sign_in.with_password(" ADA", GOOD, address="192.0.2.2")
    assert getattr(account, "name", None) == "ada"


def test_a_new_link_opens_a_locked_account(sign_in: SignIn, store: AccountStore) -> None:
    for _ in range(6):
        sign_in.with_password("ada", "wrong", address="192.0.2.1")
    sign_in.with_link(store.reset("ada").token, "another good password")
    assert getattr(sign_in.with_password("ada", "another good password", address="192.0.2.3"), "name", None) == "ada"


class CountingHasher(PasswordHasher):
    """Remembers what it was asked to verify."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=64, parallelism=1)
        self.verified: list[str] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 (the library's name)
        self.verified.append(str(hash))
        return super().verify(hash, password)


@pytest.mark.parametrize("name", ["invited", "nobody", "../etc", "", "x" * 1000])
def test_a_name_without_password_is_tested_at_the_same_cost(tmp_path: Path, name: str) -> None:
    hasher = CountingHasher()
    store = AccountStore(tmp_path / "accounts.sqlite", passwords=Passwords(hasher))
    store.add("invited")
    assert SignIn(store, Throttle(store.database)).with_password(name, "wrong", address="192.0.2.1") is None
    assert len(hasher.verified) == 1
    assert hasher.verified[0].startswith("$argon2id$v=19$m=64,t=1,p=1$")
