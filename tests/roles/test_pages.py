"""Every page, part, export and file × every role, against a table that people read: `tables/pages.csv`.

Its words stand in `asking.py`, its columns in `world.PEOPLE`. A refused request leaves nothing behind; what is granted
is taken back before the next one asks.
"""

import pytest

from tests.roles import addresses
from tests.roles.addresses import Address
from tests.roles.asking import Table, Visitor, differences, table
from tests.roles.world import PEOPLE

pytestmark = pytest.mark.slow
METHODS = ("GET", "POST")


def test_every_address_answers_everybody_as_the_table_says(world):
    found: Table = {}
    traced = []
    visitors = {column: Visitor(world, username) for column, username in PEOPLE.items()}
    for address in addresses.pages(world):
        for method in methods_of(address, visitors["system"]):
            row = found[address.row, method] = {}
            for column, visitor in visitors.items():
                row[column], changed = visitor.ask(address, method)
                traced += [(address.row, method, column)] * changed
    assert traced == []
    assert differences(table("pages.csv"), found) == []


def methods_of(address: Address, somebody: Visitor) -> list[str]:
    """What the address takes: what it does not take it refuses before it asks who comes."""
    return [method for method in METHODS if somebody.ask(address, method)[0] != "-"]


def test_a_token_of_the_api_opens_no_page(world):
    wanted = table("pages.csv")
    program = Visitor(world, token=world.tokens["desk"])
    gets = [address for address in addresses.pages(world) if (address.row, "GET") in wanted]
    answers = {address.row: program.ask(address, "GET")[0] for address in gets}
    assert answers == {address.row: wanted[address.row, "GET"]["nobody"] for address in gets}
