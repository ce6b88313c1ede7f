import datetime as dt

import pytest
from django_otp.oath import TOTP

from chengyun.core import configuration, instants
from chengyun.core.errors import NotAllowed, UserError
from chengyun.people.access import SYSTEM, actor_for
from chengyun.people.models import User
from chengyun.people.roles import Role
from chengyun.people.signin import factors
from chengyun.people.signin.models import RecoveryCode, SecondFactor, SignIn
from chengyun.people.tests.cast import PASSWORD, appoint, department, person
from chengyun.people.tokens import create_token

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 3, 2, 4, 0, tzinfo=dt.UTC)


def code_of(secret: bytes, moment: dt.datetime) -> str:
    clock = TOTP(secret)
    clock.time = moment.timestamp()
    return f"{clock.token():06}"


def bound(user: User, moment: dt.datetime = NOON) -> tuple[bytes, list[str]]:
    secret = factors.offered_secret(user)
    with instants.at(moment - dt.timedelta(minutes=5)):
        codes = factors.bind(user, code_of(secret, instants.now()), by=SYSTEM)
    return secret, codes


def test_the_codes_are_those_of_the_standard():
    # RFC 6238, appendix B, SHA-1, the last six digits of 94287082 at 59 s.
    assert code_of(b"12345678901234567890", dt.datetime.fromtimestamp(59, dt.UTC)) == "287082"


def test_the_secret_is_not_in_the_database_in_clear(wang):
    secret, _ = bound(wang)
    kept = bytes(SecondFactor.objects.get().secret)
    assert secret not in kept and secret.hex().encode() not in kept


def test_another_installations_secret_reads_nothing(wang, settings):
    bound(wang)
    settings.SECRET_KEY = "another secret of at least thirty-two characters"
    assert factors.is_unreadable(wang)


def test_binding_needs_a_right_code(wang):
    factors.offered_secret(wang)
    with pytest.raises(UserError, match="验证码不对"):
        factors.bind(wang, "000000", by=SYSTEM)
    assert not factors.is_bound(wang)


def test_a_code_holds_once_and_a_step_to_either_side(wang):
    secret, _ = bound(wang)
    with instants.at(NOON):
        before = code_of(secret, NOON - dt.timedelta(seconds=30))
        assert factors.check(wang, before)
        assert not factors.check(wang, before)
        assert factors.check(wang, code_of(secret, NOON))
        assert not factors.check(wang, code_of(secret, NOON + dt.timedelta(seconds=90)))


def test_a_recovery_code_holds_once_and_only_its_hash_is_kept(wang):
    _, codes = bound(wang)
    assert len(codes) == 10
    assert not RecoveryCode.objects.filter(digest__in=[code.replace("-", "") for code in codes]).exists()
    assert factors.check(wang, codes[0].upper())
    assert not factors.check(wang, codes[0])
    assert factors.codes_left(wang) == 9


def test_wrong_codes_cost_more_and_more_time(wang):
    secret, _ = bound(wang)
    with instants.at(NOON):
        for _ in range(4):
            assert not factors.check(wang, "000000")
        with pytest.raises(UserError, match="2 秒后再试"):
            factors.check(wang, code_of(secret, NOON))
    with instants.at(NOON + dt.timedelta(seconds=3)):
        assert factors.check(wang, code_of(secret, instants.now()))


def test_only_the_security_administrator_removes_it_and_it_is_recorded(wang):
    bound(wang)
    centre = department("centre", "centre")
    system, security = person("xi"), person("an")
    appoint(system, centre, Role.SYSTEM_ADMIN)
    appoint(security, centre, Role.SECURITY_ADMIN)
    with pytest.raises(NotAllowed, match="安全管理员"):
        factors.remove_factor(wang, by=actor_for(system))
    factors.remove_factor(wang, by=actor_for(security))
    assert not factors.is_bound(wang)


# --- the pages --------------------------------------------------------------------------------------------------------


def log_in(client, **more):
    return client.post("/login", {"username": "wang", "password": PASSWORD, **more})


def test_a_password_alone_opens_nothing(client, wang):
    bound(wang)
    assert log_in(client)["Location"] == "/login/code"
    assert client.get("/second-factor")["Location"].startswith("/login")


def test_the_code_leads_to_the_wished_page_in_a_new_session(client, wang):
    secret, _ = bound(wang)
    log_in(client, next="/password")
    before = client.session.session_key
    answer = client.post("/login/code", {"code": code_of(secret, instants.now())})
    assert answer["Location"] == "/password"
    assert client.session.session_key != before
    assert client.get("/password").status_code == 200


def test_five_wrong_codes_lock_the_name(client, wang):
    _, codes = bound(wang)
    log_in(client)
    for number in range(5):
        SecondFactor.objects.update(failed_at=None)
        answer = client.post("/login/code", {"code": f"00000{number}"})
    assert answer.status_code == 429
    assert client.post("/login/code", {"code": codes[0]}).status_code == 429
    assert SignIn.objects.filter(kind="code_failed", user=wang).count() == 5


def test_a_password_waits_five_minutes_for_its_code(client, wang):
    secret, _ = bound(wang)
    log_in(client)
    with instants.at(instants.now() + dt.timedelta(minutes=6)):
        answer = client.post("/login/code", {"code": code_of(secret, instants.now())})
    assert answer["Location"] == "/login"


def test_a_role_that_must_have_one_binds_it_before_anything_else(client, wang):
    appoint(wang, department("centre", "centre"), Role.RECEIVER)
    configuration.change("signin.totp_roles", ["receiver"], by=SYSTEM)
    log_in(client)
    assert client.get("/")["Location"] == "/second-factor"
    assert client.get("/cases/")["Location"] == "/second-factor"
    assert "须用动态口令" in client.get("/second-factor").text
    answer = client.post("/second-factor", {"code": code_of(factors.offered_secret(wang), instants.now())})
    assert answer.text.count("<li>") == 10
    assert client.get("/password").status_code == 200


def test_the_picture_is_made_here_and_the_secret_is_offered_in_letters(client, wang):
    log_in(client)
    page = client.get("/second-factor").text
    assert "data:image/svg+xml" in page
    assert factors.spelled(factors.offered_secret(wang)) in page


def test_a_token_needs_no_code(client, wang):
    appoint(wang, department("centre", "centre"), Role.RECEIVER)
    bound(wang)
    _, secret = create_token("wang", by=SYSTEM, name="x", scopes=["cases:read"])
    assert client.get("/api/v1/cases", headers={"Authorization": f"Bearer {secret}"}).status_code == 200


def test_new_recovery_codes_cost_a_code(client, wang):
    secret, codes = bound(wang)
    log_in(client)
    client.post("/login/code", {"code": codes[0]})
    assert "验证码不对" in client.post("/second-factor/recovery", {"code": "000000"}).text
    answer = client.post("/second-factor/recovery", {"code": code_of(secret, instants.now())})
    assert answer.text.count("<li>") == 10 and codes[1] not in answer.text
