"""Two people click at the same moment: over HTTP, through the server's processes and threads."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.e2e.work import LIFE, brought, new_report, take, version_seen

pytestmark = pytest.mark.slow


def at_once(works):
    with ThreadPoolExecutor(len(works)) as pool:
        return [each.result() for each in [pool.submit(work) for work in works]]


@pytest.mark.parametrize("round", range(3))
def test_of_two_who_click_the_same_step_one_wins(running, round):
    one, other = running.person("receiver"), running.person("receiver")
    number = new_report(one, running.county, f"两人同时受理 {round}")
    version = version_seen(one, number, "accept")
    answers = at_once([lambda p=p: take(p, running.county, number, "accept", version) for p in (one, other)])
    assert sorted(answers) == [302, 409]
    assert running.installation.ask("steps_of", numbers=[number])[number] == ["report", "accept"]


def test_an_old_page_cannot_take_a_step(running):
    receiver = running.person("receiver")
    number = new_report(receiver, running.county, "旧页面")
    version = version_seen(receiver, number, "accept")
    assert take(receiver, running.county, number, "accept", version) == 302
    answer = receiver.post(f"/cases/{number}/accept", version=version, **brought("accept", running.county))
    assert answer.status_code == 409


def test_a_case_goes_through_all_hands_to_its_end(running):
    number = new_report(running.person("receiver"), running.county, "从上报到结案")
    for role, verb in LIFE:
        person = running.person(role)
        assert take(person, running.county, number, verb, version_seen(person, number, verb)) == 302, verb
    taken = running.installation.ask("steps_of", numbers=[number])[number]
    assert taken == ["report", *(verb for _role, verb in LIFE)]


def test_bad_input_is_refused_in_words_and_changes_nothing(running):
    receiver = running.person("receiver")
    number = new_report(receiver, running.county, "错误的小类")
    version = version_seen(receiver, number, "accept")
    answer = receiver.post(f"/cases/{number}/accept", version=version, minor_class="不是数字")
    assert 400 <= answer.status_code < 500
    assert running.installation.ask("steps_of", numbers=[number])[number] == ["report"]
