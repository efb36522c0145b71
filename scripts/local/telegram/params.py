"""The parameters of a call, however they came: query string, form, JSON or multipart with files."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from .errors import ApiError, bad_request

# Parameters that people read: a text that looks like JSON is still a text.
TEXTS = ("text", "caption", "name", "description", "short_description", "title")


@dataclass(frozen=True)
class Upload:
    """One uploaded part."""

    field: str
    name: str
    media_type: str
    data: bytes


@dataclass
class Params:
    values: dict[str, Any] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)
    body_bytes: int = 0

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name)
        if value is None:
            return default
        if isinstance(value, bool):
            return "true" if value else "false"
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        """0 for what is no number, as the vendor's to_integer does."""
        try:
            return int(self.text(name) or default)
        except ValueError:
            return 0

    def boolean(self, name: str) -> bool:
        return self.text(name).lower() in ("true", "yes", "1")

    def data(self, name: str, problem: str) -> Any:
        """A JSON parameter, decoded; None when absent. `problem` is the vendor's text for JSON that doesn't parse."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(problem) from None

    def lenient_data(self, name: str) -> Any:
        """A JSON parameter that counts as absent when it doesn't parse: entities, allowed_updates."""
        try:
            return self.data(name, "")
        except ApiError:
            return None

    def upload(self, name: str) -> Upload | None:
        """The file given under that name, directly or by `attach://part`."""
        if name in self.uploads:
            return self.uploads[name]
        return self.attached(self.text(name))

    def attached(self, reference: str) -> Upload | None:
        return self.uploads.get(reference.removeprefix("attach://")) if reference.startswith("attach://") else None

    def logged(self) -> dict[str, Any]:
        """The values, with JSON that came as text decoded, files left out."""
        return {name: value if name in TEXTS else _decoded(value) for name, value in self.values.items()}


def _decoded(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


async def read_params(request: web.Request) -> Params:
    """Reads the whole request. Raises 400 for JSON that is none, 413 above the vendor's 50 MB."""
    params = Params(values=dict(request.query), body_bytes=request.content_length or 0)
    try:
        if request.content_type == "application/json":
            await _read_json(request, params)
        elif request.content_type in ("multipart/form-data", "application/x-www-form-urlencoded"):
            await _read_form(request, params)
    except web.HTTPRequestEntityTooLarge:
        raise ApiError(413, "Request Entity Too Large") from None
    return params


async def _read_json(request: web.Request, params: Params) -> None:
    body = await request.read()
    params.body_bytes = len(body)
    if not body.strip():
        return
    try:
        data = json.loads(body)
    except ValueError:
        raise bad_request("can't parse JSON object") from None
    if not isinstance(data, dict):
        raise bad_request("object expected as request")
    params.values |= {name: value for name, value in data.items() if value is not None}


async def _read_form(request: web.Request, params: Params) -> None:
    form = await request.post()
    for name, value in form.items():
        if isinstance(value, web.FileField):
            data = value.file.read()
            params.uploads[name] = Upload(name, value.filename or name, value.content_type, data)
        elif isinstance(value, bytes | bytearray):
            params.uploads[name] = Upload(name, name, "application/octet-stream", bytes(value))
        else:
            params.values[name] = value
