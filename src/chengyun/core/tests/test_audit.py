from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from chengyun.core import history
from chengyun.core.models import Record

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def three_steps(auditor):
    for number in range(3):
        history.record("user:1", "user.changed", {"number": number}, by=auditor)


def audit(*words):
    out = StringIO()
    call_command("audit", *map(str, words), stdout=out)
    return out.getvalue()


def test_what_is_not_sealed_is_told_and_no_failure():
    assert "user:1 #1: 从这一条起尚未封存" in audit("verify")


def test_sealed_history_is_whole():
    assert "已封存 1 条链" in audit("seal")
    assert audit("verify") == "历史记录完好，提示 0 条。\n"


def test_a_fault_is_named_and_ends_with_exit_code_1():
    Record.objects.filter(seq=2).update(verb="user.blessed")
    out = StringIO()

    with pytest.raises(CommandError) as failure:
        call_command("audit", "verify", stdout=out)

    assert failure.value.returncode == 1
    assert "user:1 #2: 内容被改动" in out.getvalue()


def test_exported_seals_can_be_verified_against(tmp_path):
    audit("seal")
    assert "已导出 1 份" in audit("export", tmp_path / "seals.jsonl")

    assert "完好" in audit("verify", "--against", tmp_path / "seals.jsonl")


def test_a_missing_export_is_told_clearly(tmp_path):
    with pytest.raises(CommandError, match="没有这个文件"):
        audit("verify", "--against", tmp_path / "nothing")
