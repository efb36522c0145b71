"""A small server that answers as the HTTP contract says, with every outcome a page must be able to show.

It serves `web/` beside the API, so that a page test needs nothing else. Codes choose the outcome, `faults` overrides
it: `SUMMER25` valid with an end, `GOLD-50` valid, `MAYBE` unknown, `BUSY` 429 for two seconds, everything else invalid.
"""

import asyncio
import hashlib
import io
import threading
from collections import Counter
from pathlib import Path

from aiohttp import web
from PIL import Image

from scripts.local import clerk_objects

WEB = Path(__file__).resolve().parent.parent.parent / "web"
STUB = Path(__file__).with_name("stub_preview.js")
BLANK = """<!doctype html><html lang="en" data-theme="dark"><meta charset="utf-8"><title>Blank</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="shared/css/tokens.css"><body></body></html>"""
VALID = {"SUMMER25": "2031-12-03T12:00:00Z", "GOLD-50": None}
RETRY_AFTER_S = 2
SIZES = {"square": (1080, 1080), "story": (1080, 1920), "feed": (1080, 1350)}
TEMPLATES = {
    "midnight": ("Midnight", "Trade bigger this week", ["#0b1026", "#3b2f8f", "#8b5cf6"]),
    "coral": ("Coral morning", "Summer starts here", ["#7c1d3f", "#e2574c", "#f6b26b"]),
    "lagoon": ("Lagoon", "Your next challenge", ["#062a30", "#0b7a75", "#7fd8be"]),
    "paper": ("Paper", "Less noise, more profit", ["#2b2b2b", "#5a5a5a", "#8f8f8f"]),
    "ember": ("Ember", "Last days", ["#1a0a05", "#8a2b0c", "#f28c28"]),
    "violet": ("Violet hour", "Join the funded", ["#1c0f3a", "#5b21b6", "#c084fc"]),
    "field": ("Field", "Grow with us", ["#0e2a12", "#2f7d32", "#b7d968"]),
    "ice": ("Ice", "Cool heads win", ["#0a1a2f", "#1f6fb2", "#9ad8f5"]),
}


class FixtureApi:
    """Runs in a thread. `calls` counts requests by path; `faults[path] = (status, body, headers)` replaces answers."""

    def __init__(self, *, preview: str = "stub", template_count: int | None = None) -> None:
        self.calls: Counter[str] = Counter()
        self.bodies: list[tuple[str, object]] = []
        self.faults: dict[str, tuple[int, object, dict[str, str]]] = {}
        # While it is cleared, calls wait for their answer.
        self.answers = threading.Event()
        self.answers.set()
        self.damage_pictures = False
        self._slugs = list(TEMPLATES)[:template_count]
        self._pictures: dict[str, bytes] = {}
        self._is_stubbed = preview == "stub"
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ready = threading.Event()
        self.base = ""

    def __enter__(self) -> "FixtureApi":
        self._thread.start()
        self._ready.wait(timeout=60)
        return self

    def __exit__(self, *_: object) -> None:
        self.answers.set()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=60)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        runner = web.AppRunner(self._app())
        self._loop.run_until_complete(runner.setup())
        site = web.TCPSite(runner, "127.0.0.1", 0)
        self._loop.run_until_complete(site.start())
        self.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
        self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(runner.cleanup())
        self._loop.close()

    def _app(self) -> web.Application:
        app = web.Application(middlewares=[self._count])
        app.router.add_get("/api/public/templates", self._list)
        app.router.add_get("/api/public/templates/{slug}", self._document)
        app.router.add_post("/api/public/validate-coupon", self._validate)
        app.router.add_post("/api/public/render-coupon", self._render)
        app.router.add_get("/api/public/health", self._health)
        app.router.add_get("/clerk/v1/environment", self._identity_settings)
        app.router.add_get("/clerk/v1/client", self._nobody)
        app.router.add_get("/blank", self._blank)
        app.router.add_get("/cdn/fonts/fonts.json", self._fonts)
        app.router.add_get("/cdn/logo.png", self._logo)
        app.router.add_get("/cdn/{name}", self._picture)
        if self._is_stubbed:
            app.router.add_get("/shared/render/preview.js", self._stub)
        app.router.add_get("/{path:.*}", self._static)
        return app

    @web.middleware
    async def _count(self, request: web.Request, handler) -> web.StreamResponse:
        if not request.path.startswith(("/api/", "/cdn/")):
            return await handler(request)
        self.calls[request.path] += 1
        if request.method == "POST":
            self.bodies.append((request.path, await request.json()))
        while not self.answers.is_set():
            await asyncio.sleep(0.01)
        if request.path in self.faults:
            status, body, headers = self.faults[request.path]
            return web.json_response(body, status=status, headers=headers)
        return await handler(request)

    async def _blank(self, _: web.Request) -> web.Response:
        """A page with the tokens alone, for modules that are tried by themselves."""
        return web.Response(text=BLANK, content_type="text/html")

    async def _stub(self, _: web.Request) -> web.StreamResponse:
        return web.FileResponse(STUB)

    async def _static(self, request: web.Request) -> web.StreamResponse:
        path = (WEB / request.match_info["path"]).resolve()
        if path.is_dir():
            path = path / "index.html"
        if not path.is_relative_to(WEB) or not path.is_file():
            return web.Response(status=404)
        return web.FileResponse(path, headers={"Cache-Control": "no-store"})

    async def _list(self, request: web.Request) -> web.Response:
        if request.query.get("tenant") != "demo":
            return refusal(404, "tenant_not_found", "There is no such tenant; check the address.")
        formats = [{"name": name, "width": width, "height": height} for name, (width, height) in SIZES.items()]
        items = [{"slug": s, "name": TEMPLATES[s][0], "formats": formats, "thumbnail_url": None} for s in self._slugs]
        tenant = {
            "name": "Demo",
            "referral_link": "https://demo.example/?promo={code}",
            "logo_url": "http://assets.invalid/cdn/logo.png",
        }
        return web.json_response({"items": items, "next": None, "tenant": tenant})

    async def _document(self, request: web.Request) -> web.Response:
        slug = request.match_info["slug"]
        if slug not in self._slugs:
            return refusal(404, "template_not_found", "There is no such template; choose another one.")
        name, headline, colors = TEMPLATES[slug]
        field = {"sample": headline, "public": True, "pattern": None, "max": 40}
        fields = {"headline": field, "subline": {**field, "sample": "Until Friday"}, "brand": {"sample": "Northwind"}}
        formats = {name: {"width": width, "height": height, "layers": []} for name, (width, height) in SIZES.items()}
        document = {"schema": 2, "slug": slug, "name": name, "fields": fields, "formats": formats}
        return web.json_response({**document, "colors": colors})

    async def _validate(self, request: web.Request) -> web.Response:
        code = (await request.json())["code"]
        if code == "BUSY" and self.calls[request.path] == 1:
            headers = {"Retry-After": str(RETRY_AFTER_S)}
            return refusal(429, "too_many_requests", "Too many checks.", headers=headers)
        status = "unknown" if code == "MAYBE" else "valid" if code in (*VALID, "BUSY") else "invalid"
        message = "This code is not valid. Check its spelling." if status == "invalid" else None
        answer = {"status": status, "code": code, "reason": None, "message": message, "valid_until": VALID.get(code)}
        return web.json_response(answer)

    async def _render(self, request: web.Request) -> web.Response:
        body = await request.json()
        if body["code"] == "MAYBE":
            return refusal(503, "coupon_unknown", "The code cannot be checked now; try again.")
        width, height = SIZES[body["format"]]
        picture = io.BytesIO()
        Image.new("RGB", (width, height), "#3b2f8f").save(picture, body["output"].upper())
        data = picture.getvalue()
        sha256 = hashlib.sha256(data).hexdigest()
        self._pictures[sha256] = data + b"x" if self.damage_pictures else data
        answer = {"url": f"http://assets.invalid/cdn/{sha256}", "width": width, "height": height, "bytes": len(data)}
        return web.json_response({**answer, "sha256": sha256, "cached": False})

    async def _picture(self, request: web.Request) -> web.Response:
        data = self._pictures.get(request.match_info["name"])
        return web.Response(body=data, content_type="image/jpeg") if data else web.Response(status=404)

    async def _identity_settings(self, _: web.Request) -> web.Response:
        return web.json_response(clerk_objects.environment(f"{self.base}/clerk"))

    async def _nobody(self, _: web.Request) -> web.Response:
        """A browser in which nobody is signed in; pages for members are tested with the product itself."""
        client = {"object": "client", "id": "client_new", "sessions": [], "sign_in": None, "sign_up": None}
        times = {"last_active_session_id": None, "cookie_expires_at": None, "created_at": 0, "updated_at": 0}
        return web.json_response({"response": client | times, "client": None})

    async def _fonts(self, _: web.Request) -> web.Response:
        return web.json_response({"families": [], "fallback": []})

    async def _logo(self, _: web.Request) -> web.Response:
        logo = io.BytesIO()
        Image.new("RGB", (8, 8), "#ffffff").save(logo, "PNG")
        return web.Response(body=logo.getvalue(), content_type="image/png")

    async def _health(self, _: web.Request) -> web.Response:
        checks = {"database": "ok", "storage": "ok"}
        return web.json_response({"status": "ok", "schema_version": 3, "checks": checks})


def refusal(status: int, code: str, message: str, *, headers: dict[str, str] | None = None) -> web.Response:
    """The one form of errors."""
    error = {"code": code, "message": message, "request_id": "req-0123456789"}
    return web.json_response({"error": error}, status=status, headers=headers)
