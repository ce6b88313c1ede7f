import http.client
import ssl
import stat
from contextlib import closing

import pytest
from cryptography import x509

from chengyun.config import redirecting, tls
from chengyun.core.instants import now


@pytest.fixture
def pair(tmp_path):
    made = tls.Pair(tmp_path / "tls" / "cert.pem", tmp_path / "tls" / "key.pem")
    tls.make(made, ["城运.example", "cg.example", "192.0.2.7", "2001:db8::7"])
    return made


def test_the_key_is_its_owners_alone(pair):
    assert stat.S_IMODE(pair.key.stat().st_mode) == 0o600


def test_a_certificate_is_for_the_names_that_were_given(pair):
    certificate = x509.load_pem_x509_certificate(pair.certificate.read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["城运.example".encode("idna").decode(), "cg.example"]
    assert [str(each) for each in names.get_values_for_type(x509.IPAddress)] == ["192.0.2.7", "2001:db8::7"]
    assert certificate.not_valid_before_utc < now()


def test_python_itself_can_serve_and_trust_it(pair):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.certificate, pair.key)
    ssl.create_default_context(cafile=str(pair.certificate))


def test_a_fingerprint_is_written_as_browsers_do(pair):
    assert len(pair.fingerprint.split(":")) == 32


def test_files_are_never_replaced(pair):
    with pytest.raises(FileExistsError):
        tls.make(pair, ["x"])


def test_names_of_a_machine_include_what_was_configured():
    names = tls.names_of_this_machine(["cg.example", "[::1]", "*"], "192.0.2.7")
    assert names[:2] == ["cg.example", "::1"]
    assert {"192.0.2.7", "localhost"} <= set(names)


@pytest.mark.parametrize(
    ("host", "status", "location"),
    [("localhost:80", 308, "https://localhost:8443/cases/?a=1"), ("evil.example", 400, None), ("", 400, None)],
)
def test_plain_http_is_sent_to_https_of_our_own_names(host, status, location):
    server = redirecting.start("127.0.0.1", 0, to=8443)
    with closing(http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=5)) as connection:
        connection.request("GET", "/cases/?a=1", headers={"Host": host})
        answer = connection.getresponse()
        answer.read()
    server.shutdown()
    server.server_close()
    assert (answer.status, answer.headers["Location"]) == (status, location)
