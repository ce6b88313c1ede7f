"""A case that somebody reported, for the tests of components."""

from chengyun.casework import submit
from chengyun.casework.cases.models import Case
from chengyun.casework.cases.services.submit import SubmittedReport
from chengyun.core import instants
from chengyun.people.access import SYSTEM

BACKEND = "django.contrib.auth.backends.ModelBackend"


def report(source_id="1", **changed) -> Case:
    fields = {"source": "public", "source_id": source_id, "received_at": instants.now(), "title": "井盖破损"}
    return submit(SubmittedReport(**(fields | changed)), by=SYSTEM).case
