from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class OrderTemplate(models.Model):
    """A template of the 交办单 that the office uploaded. One is in use; where none is, the shipped one holds.

    Its content never changes: another upload is another row. Rows without a name are of former times, when going back
    to the shipped template was told by an empty one.
    """

    at = models.DateTimeField(_("上传时间"))
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(_("上传人"), max_length=50)
    name = models.CharField(_("文件名"), max_length=120)
    note = models.CharField(_("说明"), max_length=200, blank=True, default="")
    content = models.BinaryField(_("模板"))
    is_active = models.BooleanField(_("现用"), default=False)

    class Meta:
        verbose_name = _("交办单模板")
        constraints = [
            models.UniqueConstraint(fields=["is_active"], condition=Q(is_active=True), name="one_order_template_in_use")
        ]

    def __str__(self) -> str:
        return self.name
