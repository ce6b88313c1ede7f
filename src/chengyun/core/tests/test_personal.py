import pytest

from chengyun.core import history
from chengyun.core.errors import NotFound, UserError
from chengyun.core.history import personal
from chengyun.core.models import Record

pytestmark = pytest.mark.django_db(transaction=True)

KEY = "report:17"


class Drawer:
    """A stand-in for a module's table of personal values."""

    def __init__(self):
        self.held = {KEY: ("salt", {"reporter_phone": "13800000000", "reporter_name": "王某"})}

    def read(self, keys):
        return {key: self.held[key] for key in keys if key in self.held}

    def remove(self, key):
        self.held[key] = ("", {"reporter_phone": "", "reporter_name": ""})


@pytest.fixture
def drawer(monkeypatch, auditor):
    drawer = Drawer()
    holder = history.PersonalHolder("report", drawer.read, drawer.remove)
    monkeypatch.setattr(personal, "collect", lambda kind: [holder])
    claim("case:5", drawer, auditor)
    history.seal()
    return drawer


def claim(chain, drawer, by):
    salt, values = drawer.held[KEY]
    history.record(chain, "report.received", {"commitments": {KEY: history.commitments(salt, values)}}, by=by)
    history.seal()


def grave():
    return [(fault.kind, fault.chain, fault.seq) for fault in history.verify() if fault.is_grave]


def test_values_that_are_as_committed_have_no_faults(drawer):
    assert history.verify() == []


def test_a_changed_value_is_named(drawer):
    drawer.held[KEY][1]["reporter_phone"] = "13900000000"

    [fault] = history.verify()
    assert (fault.kind, fault.chain, fault.seq) == ("personal", "case:5", 1)
    assert "reporter_phone" in fault.what


def test_a_lost_value_is_named(drawer):
    drawer.held.clear()

    assert grave() == [("personal", "case:5", 1)] * 2


def test_an_erased_value_is_no_fault_and_the_chain_still_verifies(drawer, auditor):
    history.erase(KEY, by=auditor, reason="本人申请删除")
    history.seal()

    assert drawer.held[KEY] == ("", {"reporter_phone": "", "reporter_name": ""})
    assert history.verify() == []


def test_a_row_says_who_erased_and_why(drawer, auditor):
    history.erase(KEY, by=auditor, reason="本人申请删除")

    row = Record.objects.get(chain="erasure:report:17")
    assert (row.verb, row.by_name, row.data["reason"]) == ("personal.erased", "审计员甲", "本人申请删除")
    assert "13800000000" not in str(Record.objects.values_list("data", flat=True))


def test_a_forged_erasure_is_found(drawer, auditor):
    history.erase(KEY, by=auditor, reason="本人申请删除")
    history.seal()
    Record.objects.filter(chain="erasure:report:17").delete()

    assert ("vanished", "erasure:report:17", 0) in grave()
    assert ("personal", "case:5", 1) in grave()


def test_erasing_needs_a_reason(drawer, auditor):
    with pytest.raises(UserError):
        history.erase(KEY, by=auditor, reason=" ")

    assert drawer.held[KEY][0] == "salt"


def test_nothing_can_be_erased_twice_that_never_was(drawer, auditor):
    with pytest.raises(NotFound):
        history.erase("report:99", by=auditor, reason="本人申请删除")


def test_a_value_corrected_and_committed_anew_is_no_fault(drawer, auditor):
    drawer.held[KEY][1]["reporter_phone"] = "13900000000"
    claim("case:5", drawer, auditor)

    assert history.verify() == []


def test_a_report_moved_to_another_case_leaves_an_old_claim_behind(drawer, auditor):
    drawer.held[KEY][1]["reporter_phone"] = "13900000000"
    claim("case:4", drawer, auditor)

    assert history.verify() == []


def test_values_that_no_module_keeps_any_more_are_reported_as_not_read(drawer, monkeypatch):
    monkeypatch.setattr(personal, "collect", lambda kind: [])

    [fault] = history.verify()
    assert fault.kind == "unread"
    assert not fault.is_grave
