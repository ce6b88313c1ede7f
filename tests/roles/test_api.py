"""Every call of the API × tokens of several people and scopes, against `tables/api.csv`."""

import json

from chengyun.core.instants import now
from chengyun.people.models import ApiToken
from tests.roles import addresses
from tests.roles.asking import Table, Visitor, differences, table

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# What tells of the API answers anything alike.
TELLING = ("api:openapi-json", "api:api-root")


def test_every_call_answers_every_token_as_the_table_says(world):
    callers = {"nobody": Visitor(world), "session": Visitor(world, "receiver")}
    callers |= {name: Visitor(world, token=secret) for name, secret in world.tokens.items()}
    ApiToken.objects.filter(name="revoked").update(revoked_at=now())
    found: Table = {}
    traced = []
    for address in addresses.calls(world):
        for method in METHODS:
            if callers["desk"].ask(address, method)[0] == "-" or (method != "GET" and address.name in TELLING):
                continue
            row = found[address.row, method] = {}
            for column, caller in callers.items():
                row[column], changed = caller.ask(address, method)
                traced += [(address.row, method, column)] * changed
    assert traced == []
    assert differences(table("api.csv"), found) == []


def test_a_list_of_the_api_holds_what_the_bearer_may_see(world):
    (cases,) = [each for each in addresses.calls(world) if each.row == "api:cases"]
    desk, other = (Visitor(world, token=world.tokens[name]).answer(cases, "GET") for name in ("desk", "other"))
    assert len(json.loads(desk.content)["cases"]) == 3
    assert json.loads(other.content)["cases"] == []
