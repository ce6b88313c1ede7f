from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from chengyun.casework.cases.models import Case, Report, Supplement
from chengyun.core import instants
from chengyun.core.tables.bad_rows import BadRowFile
from chengyun.intake.hotline.models import HotlineOrder
from chengyun.intake.hotline.services.importing import Import, Summary, import_file, start
from chengyun.intake.hotline.tests.conftest import NOW
from chengyun.intake.hotline.tests.files import LAMP, changed, text, write


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_one_file_at_once_store_each_order_once(tmp_path):
    path = write(tmp_path, text(*(changed(LAMP, id=f"GD{at}", text=f"第 {at} 盏路灯不亮") for at in range(120))))
    together = Barrier(2)

    def importing(name: str) -> Summary:
        try:
            with instants.at(NOW), BadRowFile(path) as faults:
                run = start(name, told={})
                together.wait()
                return import_file(path, Import(run, faults))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(importing, ["first", "second"])
    assert first.created + second.created == 120
    assert first.known + second.known == 120
    assert Case.objects.count() == Report.objects.count() == HotlineOrder.objects.count() == 120
    assert not Supplement.objects.exists()
