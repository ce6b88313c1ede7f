import time

import pytest

from chengyun.people.signin.models import SignIn
from chengyun.web.middleware import SEEN, STARTED
from chengyun.web.tests.conftest import PASSWORD

LOGIN = "/login"


def log_in(client, username="receiver", password=PASSWORD, **more):
    return client.post(LOGIN, {"username": username, "password": password, **more})


def test_a_stranger_is_sent_to_the_login_page(client, db):
    answer = client.get("/")
    assert answer.status_code == 302
    assert answer["Location"] == "/login?next=/"


def test_the_login_page_stands_without_a_session(client, db):
    answer = client.get(LOGIN)
    assert answer.status_code == 200
    assert "登录名" in answer.text


def test_the_right_password_leads_to_the_wished_page(client, receiver):
    assert log_in(client, next="/password")["Location"] == "/password"


def test_a_wish_for_another_site_is_ignored(client, receiver):
    assert log_in(client, next="https://elsewhere.example/")["Location"] == "/"


def test_a_wrong_password_is_told_on_the_form(client, receiver):
    answer = log_in(client, password="wrong")
    assert answer.status_code == 200
    assert "登录名或密码不对" in answer.text


def test_five_wrong_passwords_lock_and_say_for_how_long(client, receiver):
    for _ in range(5):
        answer = log_in(client, password="wrong")
    assert answer.status_code == 429
    assert "15 分钟后再试" in answer.text


def test_logging_out_needs_a_post(logged_in):
    assert logged_in.get("/logout").status_code == 405
    assert logged_in.post("/logout")["Location"] == LOGIN
    assert logged_in.get("/").status_code == 302


def test_an_idle_session_ends(logged_in):
    session = logged_in.session
    session[SEEN] = time.time() - 31 * 60
    session.save()
    assert logged_in.get("/password")["Location"].startswith(LOGIN)


def test_an_idle_session_is_not_even_polled_and_says_why(logged_in):
    session = logged_in.session
    session[SEEN] = time.time() - 31 * 60
    session.save()
    assert logged_in.get("/live", {"after": "0.0"}).status_code in (302, 401)
    assert SignIn.objects.filter(kind="idle").count() == 1
    assert "长时间没有操作" in logged_in.get(LOGIN).text


def test_a_session_ends_after_its_longest_time_however_busy(logged_in):
    logged_in.get("/password")
    session = logged_in.session
    session[STARTED] = time.time() - 13 * 3600
    session.save()
    assert logged_in.get("/password")["Location"].startswith(LOGIN)
    assert SignIn.objects.filter(kind="expired").count() == 1


def test_the_session_gets_a_new_name_at_login(client, receiver):
    client.get(LOGIN)
    session = client.session
    session["x"] = 1
    session.save()
    before = client.session.session_key
    log_in(client)
    assert client.session.session_key not in (None, before)


def test_polling_is_no_sign_of_life(logged_in):
    session = logged_in.session
    session[SEEN] = time.time() - 29 * 60
    session.save()
    before = logged_in.session[SEEN]
    logged_in.get("/live", {"after": "0.0"})
    assert logged_in.session[SEEN] == before
    logged_in.get("/password")
    assert logged_in.session[SEEN] > before


def aged(browser, **by):
    """The session, with its moments so many seconds in the past."""
    session = browser.session
    session[SEEN] = time.time() - by.get("idle", 0)
    session[STARTED] = time.time() - by.get("age", 0)
    session.save()


def poll(browser):
    return browser.get("/live", {"after": "0.0"})


@pytest.mark.parametrize(("idle", "told"), [(27 * 60, False), (28 * 60 + 30, True)])
def test_polling_is_told_two_minutes_before_an_idle_session_ends(logged_in, idle, told):
    aged(logged_in, idle=idle)
    said = poll(logged_in).headers.get("X-Sign-Out", "")
    assert said.startswith("idle ") == told
    assert not told or 80 <= int(said.split()[1]) <= 90


def test_an_ordinary_page_is_told_nothing_and_is_a_sign_of_life(logged_in):
    aged(logged_in, idle=29 * 60)
    assert "X-Sign-Out" not in logged_in.get("/password").headers
    assert "X-Sign-Out" not in poll(logged_in).headers


def test_whoever_was_warned_stays_by_one_request(logged_in):
    aged(logged_in, idle=29 * 60)
    assert "X-Sign-Out" in poll(logged_in).headers
    assert logged_in.get("/stay").status_code == 204
    assert "X-Sign-Out" not in poll(logged_in).headers


def test_the_longest_time_is_announced_and_cannot_be_stayed(logged_in):
    aged(logged_in, age=12 * 3600 - 60)
    assert poll(logged_in)["X-Sign-Out"].startswith("expired ")
    logged_in.get("/stay")
    assert poll(logged_in)["X-Sign-Out"].startswith("expired ")


def test_a_stranger_cannot_stay(client, db):
    assert client.get("/stay")["Location"].startswith(LOGIN)


def test_a_first_password_is_changed_before_anything_else(client, newcomer):
    log_in(client, "newcomer")
    assert client.get("/")["Location"] == "/password"
    new = {"old_password": PASSWORD, "new_password": "moon-over-river-9", "repeated": "moon-over-river-9"}
    assert client.post("/password", new)["Location"] == "/"
    newcomer.refresh_from_db()
    assert not newcomer.must_change_password
    assert client.get("/password").status_code == 200


def test_a_first_password_does_not_close_the_health_door(client, newcomer):
    log_in(client, "newcomer")
    assert client.get("/health").status_code == 200
