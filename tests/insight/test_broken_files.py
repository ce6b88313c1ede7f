"""Fact files that are gone, broken or of another database: figures are true or not told, files are made anew."""

from __future__ import annotations

import datetime as dt
import json
import shutil

import pytest

from chengyun.casework.cases.tests import county as small
from chengyun.core import events, instants
from chengyun.core.errors import NotReady, UserError
from chengyun.core.models import Event
from chengyun.insight.facts import feed, store
from chengyun.insight.facts import session as sessions
from chengyun.insight.facts.session import session

pytestmark = pytest.mark.django_db(transaction=True)
MOMENT = dt.datetime(2026, 3, 2, 2, tzinfo=dt.UTC)


@pytest.fixture
def county(facts_folder):
    """Three reported cases, and files that tell of them."""
    with instants.at(MOMENT):
        county = small.build()
        for _each in range(3):
            county.report()
        events.settle()
        feed.rebuild()
        yield county


def stages():
    return sorted(stage for (stage,) in session().ask("SELECT stage FROM cases"))


def path(table="cases"):
    [name] = store.manifest().files(table)
    return store.folder() / name


def taken_away():
    path().unlink()


def table_taken_away():
    shutil.rmtree(path("steps").parent)


def cut_short():
    path().write_bytes(path().read_bytes()[:-100])


def turned_one_bit():
    content = bytearray(path().read_bytes())
    content[len(content) // 2] ^= 1
    path().write_bytes(bytes(content))


def manifest_is(told):
    (store.folder() / store.MANIFEST).write_text(json.dumps(told))


def listed_nothing():
    manifest_is([])


def lost_its_cursor():
    told = json.loads((store.folder() / store.MANIFEST).read_text())
    del told["cursor"]
    manifest_is(told)


def lost_a_table():
    told = json.loads((store.folder() / store.MANIFEST).read_text())
    for names in told["months"].values():
        del names["rounds"]
    manifest_is(told)


DAMAGES = (taken_away, table_taken_away, cut_short, turned_one_bit, listed_nothing, lost_its_cursor, lost_a_table)


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_broken_counts_for_nothing_and_is_made_anew(county, damage):
    damage()
    sessions.forget()  # another process, or this one begun again
    assert stages() == ["reported"] * 3
    assert feed.advance() == 3
    assert store.are_whole(store.manifest())
    assert stages() == ["reported"] * 3
    assert feed.advance() == 0


def test_a_file_that_goes_while_it_is_asked_is_said_and_the_next_question_answered(county):
    assert stages() == ["reported"] * 3
    taken_away()
    with pytest.raises(NotReady, match="正在整理"):
        session().ask("SELECT * FROM cases")
    assert stages() == ["reported"] * 3


def test_a_wrong_question_is_no_broken_file(county):
    with pytest.raises(Exception, match="no_such_column") as caught:
        session().ask("SELECT no_such_column FROM cases")
    assert not isinstance(caught.value, UserError)


def test_files_of_another_database_whose_events_have_the_same_numbers_are_not_taken(county):
    known = store.manifest()
    assert feed.current() == known
    Event.objects.filter(id=known.cursor.id).update(at=MOMENT + dt.timedelta(seconds=1))
    assert feed.current() is None
    assert feed.advance() == 3


def test_a_folder_that_cannot_be_written_is_named(county):
    shutil.rmtree(store.folder())
    store.folder().write_text("no folder")
    with pytest.raises(UserError, match="facts 不能写入"):
        feed.advance()
