"""The handbooks inside the product: the files of docs/, for the reader's posts; nothing slips through."""

import re

import pytest
from django.urls import reverse

import chengyun
from chengyun.casework.cases.tests.county import build
from chengyun.people.models import Appointment, Department, Post, User
from chengyun.people.roles import Role
from chengyun.web.help import books
from chengyun.web.help.marks import page_of


@pytest.fixture
def reader(client, db):
    build()

    def with_role(role):
        user = User.objects.create_user("reader", "x", name="读者")
        post = Post.objects.create(department=Department.objects.first(), name="岗", roles=[role])
        Appointment.objects.create(user=user, post=post, valid_from="2020-01-01")
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return with_role


def plain(text):
    return page_of(text, lambda target: f"/at/{target}").html


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("甲\n乙", "<p>甲乙</p>"),
        ("- 一\n- `二`\n  三", "<ul><li>一</li><li><code>二</code>三</li></ul>"),
        ("3. 一\n4. **二**", '<ol start="3"><li>一</li><li><strong>二</strong></li></ol>'),
        ("```\na <b>\n\nc\n```", "<pre>a &lt;b&gt;\n\nc</pre>"),
        ("[手册](a.md)", '<p><a href="/at/a.md">手册</a></p>'),
        ("![图](a.webp)", '<p><img src="/at/a.webp" alt="图" loading="lazy"></p>'),
        ("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>"),
    ],
)
def test_what_is_written_is_shown(written, shown):
    assert plain(written) == shown


def test_a_table_has_heads_and_rows():
    html = plain("| 键 | 做什么 |\n| --- | --- |\n| `j` | 下一行 |")
    assert '<th scope="col">键</th>' in html and "<td><code>j</code></td><td>下一行</td>" in html
    assert "---" not in html


def test_headings_are_the_contents():
    page = page_of("# 手册\n\n## 1. 登录\n\n字\n\n## 2. 待办\n", str)
    assert (page.title, page.contents) == ("手册", [("s1", "1. 登录"), ("s2", "2. 待办")])


@pytest.mark.parametrize("book", books.BOOKS, ids=lambda book: book.name)
def test_no_mark_of_the_writing_is_left_on_the_page(book):
    text = (books.folder("handbook") / f"{book.name}.md").read_text(encoding="utf-8")
    shown = re.sub(r"<pre>.*?</pre>|<code>.*?</code>|<[^>]+>", "", plain(text), flags=re.DOTALL)
    assert not [mark for mark in ("](", "**", "```", "| ", "## ", "`") if mark in shown]


def test_somebody_at_the_desk_reads_the_book_for_the_desk(reader):
    client = reader(Role.RECEIVER)
    assert client.get(reverse("help:own"))["Location"] == reverse("help:book", args=["operator"])
    page = client.get(reverse("help:book", args=["operator"])).content.decode()
    assert "值守人员手册" in page and reverse("help:book", args=["administrator"]) not in page
    assert client.get(reverse("help:book", args=["administrator"])).status_code == 403


def test_an_administrator_reads_both_his_own_first(reader):
    client = reader(Role.AUDIT_ADMIN)
    assert client.get(reverse("help:own"))["Location"] == reverse("help:book", args=["administrator"])
    page = client.get(reverse("help:book", args=["administrator"])).content.decode()
    assert reverse("help:book", args=["operator"]) in page


def test_every_picture_of_a_book_is_there(reader):
    client = reader(Role.SYSTEM_ADMIN)
    for book in books.BOOKS:
        page = client.get(reverse("help:book", args=[book.name])).content.decode()
        pictures = re.findall(r'src="(/help/pictures/[^"]+)"', page)
        assert pictures
        for picture in pictures:
            answer = client.get(picture)
            assert answer["Content-Type"] == "image/webp"
            assert answer.getvalue()[8:12] == b"WEBP"


@pytest.mark.parametrize("name", ["nothing.webp", "..%2Foperator.md", "login.png"])
def test_no_other_file_is_served(reader, name):
    assert reader(Role.RECEIVER).get(f"/help/pictures/{name}").status_code == 404


def test_about_names_version_and_licences(reader):
    page = reader(Role.RECEIVER).get(reverse("help:about")).content.decode()
    assert chengyun.__version__ in page and "maplibre-gl" in page and "BSD-3-Clause" in page


def test_help_asks_somebody_to_log_in(client, db):
    assert client.get(reverse("help:about")).status_code == 302
