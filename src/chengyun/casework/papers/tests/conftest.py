from chengyun.casework.cases.tests.conftest import county

__all__ = ["county"]
