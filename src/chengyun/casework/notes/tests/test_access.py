"""The doors of notes held against the one table of who sees which case."""

from django.urls import reverse

from chengyun.casework.cases.tests.test_visibility import EXPECTED, HEAD, answers, columns_for, log_in, seen, world
from chengyun.casework.notes import services
from chengyun.casework.notes.models import Watch

__all__ = ["world"]
# Administrators may see what they reported, but notes are not their business.
NOT_READERS = ("admin", "security", "audit")
READ = {name: set() if name in NOT_READERS else columns for name, columns in EXPECTED.items()}


def doors(client, county, ask):
    """200 opens; not found, or refused to those who read no notes, is closed."""
    opened = {}
    for name in EXPECTED:
        log_in(client, county, name)
        opened[name] = set()
        for column, case in columns_for(name, county.world).items():
            status = ask(case).status_code
            assert status in (200, 302, 403, 404)
            if status in (200, 302):
                opened[name].add(column)
    return opened


def test_notes(client, county, world):
    county.world = world

    def ask(case):
        people = client.get(reverse("notes:people", args=[case.number]), {"q": "-"})
        notes = client.get(reverse("notes:notes", args=[case.number]))
        assert people.status_code == notes.status_code
        return notes

    assert doors(client, county, ask) == READ


def test_following(client, county, world):
    county.world = world

    def ask(case):
        return client.post(reverse("notes:watch", args=[case.number]), {"on": "1"})

    assert doors(client, county, ask) == READ


def test_taking_back(client, county, world):
    """Whoever sees the case but did not write the note is refused; for others it is not there."""
    author = county.actor("receiver")
    notes = {case.pk: services.add_note(case, "。", by=author) for case in world.values()}
    post = answers(client, county, lambda case: client.post(reverse("notes:withdraw", args=[notes[case.pk].pk])), 403)
    expected = {name: columns for name, columns in READ.items() if name != "receiver"}
    found = {name: {c for c in HEAD if post(name, columns_for(name, world)[c])} for name in expected}
    assert found == expected


def test_the_list_of_followed_cases(client, county, world):
    """A case that one may no longer see leaves the list."""
    Watch.objects.bulk_create(
        Watch(case=case, user=county.users[name], since=case.reported_at)
        for name in EXPECTED
        for case in columns_for(name, world).values()
    )
    pages: dict[str, str] = {}

    def sees(name, case):
        if name not in pages:
            log_in(client, county, name)
            pages[name] = client.get(reverse("notes:watched")).content.decode()
        return case.get_absolute_url() in pages[name]

    assert seen(county, world, sees) == EXPECTED
