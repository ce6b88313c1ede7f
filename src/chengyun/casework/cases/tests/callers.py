"""Callers of the API with tokens of their own, and what they bring."""

import io
import json

from django.test import Client
from PIL import Image

from chengyun.people import tokens
from chengyun.people.access import SYSTEM
from chengyun.people.models import Scope

REPORT = {"source": "hotline", "source_id": "W1", "title": "路灯不亮", "words": "凤凰街 3 号路灯不亮"}
EVERYTHING = tuple(Scope.values)


class Caller:
    def __init__(self, county, name, scopes=EVERYTHING):
        self.token, secret = tokens.create_token(county.users[name].username, by=SYSTEM, name=name, scopes=scopes)
        self.client = Client(headers={"authorization": f"Bearer {secret}"}, raise_request_exception=True)

    def get(self, path, **query):
        return self.client.get(f"/api/v1{path}", query)

    def post(self, path, body=None, **headers):
        raw = body if isinstance(body, bytes | str) else json.dumps(body)
        return self.client.post(f"/api/v1{path}", raw, content_type="application/json", headers=headers)


def problem(response, status):
    assert response.status_code == status, response.content.decode()
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == status and body["detail"]
    return body


def jpeg():
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "grey").save(out, "JPEG")
    return out.getvalue()
