"""What the registers of this module call their columns."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

TITLES = {
    "code": gettext_lazy("代码"),
    "name": gettext_lazy("名称"),
    "department_id": gettext_lazy("责任部门"),
    "collector_id": gettext_lazy("采集员"),
    "cells": gettext_lazy("单元网格"),
    "kind": gettext_lazy("类别"),
    "lon": gettext_lazy("经度"),
    "lat": gettext_lazy("纬度"),
    "township_code": gettext_lazy("所在乡镇街道"),
    "valid_to": gettext_lazy("有效期至"),
}
