"""What the demo's reports say."""

from __future__ import annotations

import string
from random import Random

from chengyun.demo import pictures, spots, words
from chengyun.demo.county import names
from chengyun.demo.subjects import HOURS, SEASONS, subject_for, subjects


def test_the_longest_word_in_a_class_name_decides():
    assert subject_for("非机动车乱停放").keyword == "非机动车乱停放"
    assert subject_for("路灯井盖异常").keyword == "路灯井盖"
    assert subject_for("立体车库").keyword == ""


def test_every_subject_belongs_to_a_department_that_exists():
    departments = {row["code"] for row in names.rows("departments")}
    assert {subject.owner for subject in subjects()} <= departments


def test_every_phrase_uses_only_words_that_we_fill_in():
    known = {"n", "m", "shop", "eatery", "store", "garage"}
    for subject in subjects():
        for phrase in subject.phrases:
            assert {name for _, name, _, _ in string.Formatter().parse(phrase) if name} <= known


def test_every_season_and_day_is_complete():
    assert all(len(profile) == 12 for profile in SEASONS.values())
    assert all(len(profile) == 24 for profile in HOURS.values())


def test_descriptions_of_one_subject_vary():
    random, subject = Random(1), subject_for("店外经营")
    told = {words.describe(random, subject, spots.draw_spot(random).wording, "hotline") for _ in range(50)}
    assert len(told) > 45


def test_phone_numbers_are_nobodys():
    assert words.phone(Random(1)).startswith("100")


def test_a_picture_is_a_small_jpeg():
    assert pictures.picture(3)[:2] == b"\xff\xd8"
    assert len(pictures.picture(3)) < 60_000


def test_the_picture_after_shows_the_same_street():
    assert pictures.after(10) // len(pictures.SUBJECTS) == 10 // len(pictures.SUBJECTS)


def test_every_class_of_the_county_has_words_of_its_own():
    assert [row["name"] for row in names.rows("county_catalogue") if not subject_for(row["name"]).keyword] == []
