import pytest


@pytest.mark.slow
def test_a_person_logs_in_and_sees_the_first_page(running):
    assert running.person("receiver").get("/").status_code in (200, 302)


@pytest.mark.slow
def test_a_stranger_is_sent_to_the_login(running):
    from tests.e2e.people import Person

    answer = Person(running.installation.address, "").get("/")
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/login")


@pytest.mark.slow
def test_https_with_a_certificate_of_its_own(tmp_path):
    """Cookies are secure, browsers are told to stay with HTTPS, and the printed fingerprint is the certificate's."""
    import hashlib
    import ssl
    import time

    import requests

    from tests.e2e.installation import installed

    with installed(tmp_path, "--tls", "--workers", "1") as installation:
        installation.start("web")
        certificate = tmp_path / "tls" / "cert.pem"
        address = f"https://127.0.0.1:{installation.port}"
        for _try in range(300):
            try:
                answer = requests.get(f"{address}/login", verify=str(certificate), timeout=5)
                break
            except (requests.ConnectionError, OSError):
                assert installation.running["web"].poll() is None, installation.log_end("web")
                time.sleep(0.2)
        assert answer.status_code == 200
        assert "max-age" in answer.headers["Strict-Transport-Security"]
        assert all(cookie.secure for cookie in answer.cookies)
        digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(certificate.read_text())).hexdigest().upper()
        assert ":".join(digest[i : i + 2] for i in range(0, 64, 2)) in installation.log_end("web")
        assert requests.get(f"{address}/metrics", verify=str(certificate), timeout=5).status_code == 200
