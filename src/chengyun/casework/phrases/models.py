"""Standard phrases (惯用语): what is typed again and again, for a step and a class, in places of their own."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from chengyun.casework.cases.workflow import STEPS
from chengyun.core.dated import Dated

is_class_code = RegexValidator(r"^\d{2,8}\Z", _("应为大类的两位代码或小类的代码，如 06 或 06010。"))


def step_choices() -> list[tuple[str, str]]:
    return [(verb, str(step.title)) for verb, step in STEPS.items()]


class Phrase(Dated):
    class Scope(models.TextChoices):
        COUNTY = "county", _("全县")
        DEPARTMENT = "department", _("本部门")
        OWN = "own", _("个人")

    text = models.CharField(_("惯用语"), max_length=300)
    # Blank: for every step, for every class. A major class is the beginning of its minor classes' codes.
    verb = models.CharField(_("步骤"), max_length=24, blank=True, default="")
    class_prefix = models.CharField(_("类别代码"), max_length=8, blank=True, default="", validators=[is_class_code])
    scope = models.CharField(_("范围"), max_length=12, choices=Scope.choices)
    department = models.ForeignKey(
        "people.Department", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("部门")
    )
    owner = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("人员")
    )

    class Meta:
        verbose_name = _("惯用语")
        indexes = [models.Index(fields=["verb", "class_prefix"], name="phrase_for_step")]

    def __str__(self) -> str:
        return self.text

    @property
    def step_title(self) -> str:
        return str(STEPS[self.verb].title) if self.verb in STEPS else str(_("所有步骤"))


class PhraseUse(models.Model):
    """How often it was inserted, by anybody; what is used most stands first."""

    phrase = models.OneToOneField(Phrase, models.CASCADE, related_name="use")
    count = models.PositiveIntegerField(default=0)
