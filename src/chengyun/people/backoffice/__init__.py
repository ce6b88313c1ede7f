"""The registers of this floor and of the ground below it: people, and what the whole installation keeps."""

from chengyun.people.backoffice import departments, posts, tokens, users
from chengyun.people.backoffice.calendar import CALENDAR
from chengyun.people.backoffice.roster import ROSTER_PAGE, SHIFTS
from chengyun.people.backoffice.settings import SETTINGS

DECLARATIONS: list[object] = [
    departments.DEPARTMENTS,
    *departments.USAGES,
    users.USERS,
    *users.USAGES,
    posts.POSTS,
    *posts.USAGES,
    ROSTER_PAGE,
    SHIFTS,
    CALENDAR,
    SETTINGS,
    tokens.ALLOWANCES,
    *tokens.USAGES,
    tokens.TOKENS,
]
