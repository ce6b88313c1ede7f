import io
import json

import pytest
import shapely
from django.core.management import CommandError, call_command

from chengyun.regions.models import RegionVersion
from chengyun.regions.tests import land

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path):
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": code, "level": level.value},
            "geometry": json.loads(shapely.to_geojson(shape)),
        }
        for level, code, _parent, shape in land.regions()
    ]
    path = tmp_path / "county.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def run(*arguments: object) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("load_regions", *map(str, arguments), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_it_says_what_it_imported(file):
    out, _err = run(file)
    assert "已导入并启用" in out and "单元网格 18" in out
    assert RegionVersion.objects.get().name == "county"


def test_a_check_says_so_and_imports_nothing(file):
    out, _err = run(file, "--check-only")
    assert "检查通过" in out
    assert not RegionVersion.objects.exists()


def test_faults_are_listed_and_the_command_fails(file):
    file.write_text(file.read_text().replace(land.WEST + "001005", land.WEST + "00100"))
    err = io.StringIO()
    with pytest.raises(CommandError, match="有 1 处错误，没有导入"):
        call_command("load_regions", str(file), stdout=io.StringIO(), stderr=err)
    assert "单元网格代码应为 15 位" in err.getvalue()


def test_a_missing_file_is_a_sentence(tmp_path):
    with pytest.raises(CommandError, match="读不到文件"):
        run(tmp_path / "none.geojson")
