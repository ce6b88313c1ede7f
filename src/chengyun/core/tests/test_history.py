import datetime as dt
from decimal import Decimal

import pytest
from django.db.models import F

from chengyun.core import history, instants
from chengyun.core.chained import link, row_hash
from chengyun.core.models import Record, Seal

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def five_steps(auditor):
    """Chain user:1 with five rows, chain user:2 with two, all sealed."""
    for number in range(1, 6):
        history.record("user:1", "user.changed", {"number": number}, by=auditor)
    for number in range(1, 3):
        history.record("user:2", "user.changed", {"number": number}, by=auditor)
    history.seal()


def row(seq, chain="user:1"):
    return Record.objects.filter(chain=chain, seq=seq)


def named():
    return [(fault.kind, fault.chain, fault.seq) for fault in history.verify()]


def forge(seq, previous_hash, **fields):
    """A row that somebody with the database in hand, but not the key, could write."""
    forged = Record(chain="user:1", seq=seq, at=instants.now(), verb="user.changed", by_name="无名", **fields)
    link(forged, previous_hash)
    forged.save()


def test_untouched_history_has_no_faults(five_steps):
    assert history.verify() == []


def test_a_changed_row_is_named(five_steps):
    row(3).update(data={"number": 33})

    assert named() == [("changed", "user:1", 3)]


def test_a_changed_time_is_named(five_steps):
    row(3).update(at=F("at") + dt.timedelta(microseconds=1000))

    assert named() == [("changed", "user:1", 3)]


def test_a_row_changed_with_a_fresh_hash_is_named(five_steps):
    row(3).delete()
    forge(3, row(2).get().hash, data={"number": 33})

    assert ("inserted", "user:1", 4) in named()


def test_a_whole_tail_written_anew_does_not_match_its_seal(five_steps):
    Record.objects.filter(chain="user:1", seq__gte=4).delete()
    forge(4, row(3).get().hash, data={"number": 44})
    forge(5, row(4).get().hash, data={"number": 5})

    assert named() == [("changed", "user:1", 5)]


def test_a_deleted_row_is_named(five_steps):
    row(3).delete()

    assert ("deleted", "user:1", 3) in named()


def test_a_deleted_first_row_is_named(five_steps):
    row(1).delete()

    assert ("deleted", "user:1", 1) in named()


def test_a_deletion_hidden_by_new_numbers_is_named(five_steps):
    row(3).delete()
    for seq in (4, 5):
        row(seq).update(seq=seq - 1)

    assert ("deleted", "user:1", 3) in named()


def test_an_inserted_row_is_named(five_steps):
    for seq in (5, 4, 3):
        row(seq).update(seq=seq + 1)
    forge(3, row(2).get().hash, data={"number": 33})

    assert ("inserted", "user:1", 3) in named()


def test_a_row_put_at_the_end_without_its_link_is_named(five_steps):
    forge(6, "f" * 64, data={})

    assert ("inserted", "user:1", 6) in named()


def test_a_row_put_in_front_is_named(five_steps):
    forge(-1, "", data={})

    assert named() != []


def test_a_cut_tail_is_named_from_the_seal(five_steps):
    Record.objects.filter(chain="user:1", seq__gte=4).delete()

    assert ("truncated", "user:1", 4) in named()


def test_a_vanished_chain_is_named_from_the_seal(five_steps):
    Record.objects.filter(chain="user:2").delete()

    assert ("vanished", "user:2", 0) in named()


def test_what_is_not_sealed_yet_is_named_and_is_no_grave_fault(five_steps, auditor):
    history.record("user:2", "user.changed", {}, by=auditor)

    [fault] = history.verify()
    assert (fault.kind, fault.chain, fault.seq) == ("unsealed", "user:2", 3)
    assert not fault.is_grave


def test_sealing_goes_on_where_it_ended(five_steps, auditor):
    assert history.seal() == 0
    history.record("user:2", "user.changed", {}, by=auditor)

    assert history.seal() == 1
    assert Seal.objects.count() == 2
    assert history.verify() == []


def test_the_seal_counts_all_chains_and_rows(five_steps, auditor):
    history.record("user:2", "user.changed", {}, by=auditor)
    history.seal()

    assert Seal.objects.latest("number").totals == {"core.Record": [2, 8]}


@pytest.fixture
def late_row(auditor):
    """A row that drew its number first and is committed after others were sealed."""
    gap = Record.objects.create(chain="gap", seq=1, at=instants.now(), verb="", by_name="", hash="")
    late = Record(id=gap.pk, chain="user:9", seq=1, at=instants.now(), verb="user.changed", by_name="")
    gap.delete()
    history.record("user:1", "user.changed", {}, by=auditor)
    history.seal()
    link(late, None)
    return late


def test_a_row_committed_late_is_sealed(late_row):
    late_row.save(force_insert=True)

    assert history.seal() == 1
    assert history.verify() == []


def test_a_row_committed_hours_late_is_sealed_by_the_sweep(late_row):
    with instants.at(instants.now() + dt.timedelta(hours=2)):
        history.seal()
        late_row.save(force_insert=True)

        assert history.seal() == 0
        assert history.seal(everything=True) == 1
    assert history.verify() == []


def test_rows_need_no_event_to_be_sealed(five_steps):
    forge(6, row(5).get().hash, data={})

    assert history.seal() == 1


def test_a_changed_seal_is_named(five_steps):
    seal = Seal.objects.get()
    Seal.objects.update(heads={"core.Record": seal.heads["core.Record"][:1]})

    assert ("seal", "seal", 1) in named()


def test_a_seal_signed_with_another_key_is_named(five_steps, settings):
    settings.SEAL_KEY = "somebody else's"

    assert named() == [("seal", "seal", 1)]


def test_an_old_key_still_verifies_after_a_change_of_keys(five_steps, settings):
    settings.SEAL_KEY = f"new one,{settings.SEAL_KEY}"

    assert named() == []


def test_seals_kept_elsewhere_show_that_history_and_seals_were_cut_together(five_steps, auditor, tmp_path):
    history.record("user:2", "user.changed", {}, by=auditor)
    history.seal()
    assert history.export_seals(tmp_path / "seals.jsonl") == 2

    row(3, "user:2").delete()
    Seal.objects.filter(number=2).delete()

    assert [f for f in history.verify() if f.is_grave] == []
    found = [(f.kind, f.chain, f.seq) for f in history.verify(against=tmp_path / "seals.jsonl")]
    assert ("truncated", "user:2", 3) in found
    assert ("seal", "seal", 2) in found


def test_equal_content_has_equal_hashes_however_it_is_spelled():
    noon = dt.datetime(2026, 1, 1, 4, tzinfo=dt.UTC)

    first = row_hash("", "c", 1, noon, {"amount": Decimal("1.50"), "data": {"b": 1.0, "a": None}})
    second = row_hash(
        "", "c", 1, noon.astimezone(instants.SHANGHAI), {"data": {"a": None, "b": 1}, "amount": Decimal("1.5")}
    )

    assert first == second


def test_history_refuses_what_json_cannot_hold():
    with pytest.raises(TypeError):
        row_hash("", "c", 1, instants.now(), {"data": {"when": instants.now()}})


def test_rows_of_one_chain_are_linked(five_steps):
    assert row(1).get().previous_hash == ""
    assert row(2).get().previous_hash == row(1).get().hash
