"""The API from a client outside, through the whole local product: cached and new pictures, live checks, memory.

Concurrency 1 and 16; every request comes from an address of its own, FunderPro answers after 50 ms, 300 distinct codes
are misses, and every answer that is not 2xx is an error.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

from scripts.benches.statistics_ms import percentile
from scripts.local import product

CODES = 300
HITS = 600
WARM_UPS = 30
CRM_DELAY_S = 0.05


@dataclass
class Client:
    """Sends orders over kept connections, one a thread; counts what is not 2xx."""

    base: str
    errors: list[str] = field(default_factory=list)
    _local: threading.local = field(default_factory=threading.local)
    _addresses: Iterator[int] = field(default_factory=lambda: iter(range(1, 1 << 24)))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def post(self, path: str, body: dict[str, Any]) -> float:
        """Seconds from the request's first byte to the answer's last."""
        with self._lock:
            number = next(self._addresses)
        address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        headers = {"Content-Type": "application/json", "X-Forwarded-For": address}
        data = json.dumps(body)
        started = time.perf_counter()
        connection = self._connection()
        connection.request("POST", path, data, headers)
        answer = connection.getresponse()
        text = answer.read()
        took = time.perf_counter() - started
        if not 200 <= answer.status < 300:
            self.errors.append(f"{answer.status} {text[:200]!r}")
        return took

    def _connection(self) -> http.client.HTTPConnection:
        if not hasattr(self._local, "connection"):
            parts = urlsplit(self.base)
            self._local.connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        return self._local.connection


def run(progress: Callable[[str], None]) -> dict[str, Any]:
    with product.running(PROMOSTACK_LIMITS="off") as facts:
        client = Client(facts["url"])
        template = requests.get(f"{facts['url']}/api/public/templates?tenant=demo", timeout=30).json()["items"][0][
            "slug"
        ]
        _prepare_crm(facts)
        order = {"tenant": "demo", "template": template, "format": "square", "code": "BENCH-0000", "fields": {}}
        order |= {"output": "jpeg", "scale": 1, "delivery": "url"}
        path = "/api/public/render-coupon"
        for _ in range(WARM_UPS):
            client.post(path, order)

        progress(f"{HITS} cached pictures, one client")
        hits = [client.post(path, order) for _ in range(HITS)]
        progress(f"{HITS * 4} cached pictures, 16 clients")
        busy = _in_parallel(16, [lambda: client.post(path, order)] * (HITS * 4))
        progress(f"{CODES} pictures of new codes")
        misses = [client.post(path, {**order, "code": f"MISS-{number:04d}"}) for number in range(CODES)]
        progress(f"{CODES} checks of new codes")
        check = "/api/public/validate-coupon"
        checks = [client.post(check, {"tenant": "demo", "code": f"CHECK-{number:04d}"}) for number in range(CODES)]
        progress("one visit of the coupon page")
        invocations = _invocations_of_a_visit(facts["url"])
        return {
            "render_hit_p50_ms_c1": percentile(hits, 0.5),
            "render_hit_p95_ms_c1": percentile(hits, 0.95),
            "render_hit_p50_ms_c16": percentile(busy, 0.5),
            "render_hit_p95_ms_c16": percentile(busy, 0.95),
            "render_miss_p50_ms_c1": percentile(misses, 0.5),
            "render_miss_p95_ms_c1": percentile(misses, 0.95),
            "validate_p50_ms_c1": percentile(checks, 0.5),
            "errors": len(client.errors),
            "first_errors": client.errors[:3],
            "rss_mb": _resident_mb(facts["pid"]),
            "invocations_per_coupon": invocations,
            "invocations_counted": "from opening the coupon page to the downloaded picture, in Chromium",
            "requests": WARM_UPS + HITS * 5 + CODES * 2,
            "crm_delay_ms": CRM_DELAY_S * 1000,
            "limits_lifted": ["600 calls a minute", "renders and checks a minute: each request has its own address"],
        }


def _prepare_crm(facts: dict[str, Any]) -> None:
    """Every code of the bench is valid, and FunderPro takes its time."""
    codes = [f"{kind}-{number:04d}" for kind in ("MISS", "CHECK") for number in range(CODES)]
    for code in ("BENCH-0000", *codes):
        requests.put(f"{facts['funderpro']}/_control/codes/{code}", json={"percent": 10}, timeout=10)
    mode = {"mode": "slow", "delay_s": CRM_DELAY_S}
    requests.put(f"{facts['funderpro']}/_control/mode", json=mode, timeout=10).raise_for_status()


def _invocations_of_a_visit(base: str) -> int:
    """Calls of functions that a visitor's page makes until he has his picture."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"), args=["--no-sandbox"]
        )
        page = chromium.new_page()
        calls: list[str] = []
        page.on("request", lambda request: calls.append(request.url) if "/api/" in request.url else None)
        page.goto(f"{base}/coupon/")
        page.get_by_label("Coupon code").press_sequentially("BENCH-0000", delay=30)
        page.locator("ps-code-field[data-state=valid]").wait_for(timeout=30_000)
        page.locator("ps-preview canvas").first.click()
        with page.expect_download(timeout=60_000):
            page.get_by_role("button", name="Download JPEG").click()
        chromium.close()
    return len(calls)


def _in_parallel(clients: int, calls: list[Callable[[], float]]) -> list[float]:
    waiting, times, lock = iter(calls), [], threading.Lock()

    def work() -> None:
        while True:
            with lock:
                call = next(waiting, None)
            if call is None:
                return
            took = call()
            with lock:
                times.append(took)

    threads = [threading.Thread(target=work) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def _resident_mb(root: int) -> float:
    """Resident memory of a process and everything below it, MB."""
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    family = {root}
    while grown := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= grown
    return round(sum(_pages(pid) for pid in family) * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)


def _pages(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0
