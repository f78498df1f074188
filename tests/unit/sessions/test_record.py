"""The records by which a restarted controller finds its sessions."""

from mantidhub.sessions.record import RecordFolder, SessionRecord

ALICE = SessionRecord("alice~second", "alice", "second", "scipp-eac067a41277", "medium")


def test_a_record_is_found_again_by_another_controller(tmp_path):
    RecordFolder(tmp_path / "r").write(ALICE)
    assert RecordFolder(tmp_path / "r").read_all() == [ALICE]


def test_a_removed_record_is_gone_and_may_be_removed_twice(tmp_path):
    records = RecordFolder(tmp_path)
    records.write(ALICE)
    records.remove(ALICE.key)
    records.remove(ALICE.key)
    assert records.read_all() == []


def test_a_broken_record_is_put_aside_and_does_not_stop_the_others(tmp_path):
    records = RecordFolder(tmp_path)
    records.write(ALICE)
    (tmp_path / "bob.json").write_text("{")
    assert records.read_all() == [ALICE]
    assert (tmp_path / "bob.broken").exists()


def test_a_record_from_before_there_were_sizes_is_read_so_that_its_session_goes_on(tmp_path):
    (tmp_path / "bob.json").write_text('{"key": "bob", "user": "bob", "server": "", "environment": "scipp"}')
    assert RecordFolder(tmp_path).read_all() == [SessionRecord("bob", "bob", "", "scipp", "")]
