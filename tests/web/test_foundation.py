"""The modules that every page stands on, run in a real browser."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from promostack.core.errors import PromoError
from promostack.core.text import normalise_code

ROOT = Path(__file__).resolve().parent.parent.parent
WEB = ROOT / "web"
OURS = [
    path
    for path in sorted(WEB.rglob("*"))
    if path.is_file() and not {"vendor", "render"} & set(path.relative_to(WEB).parts)
]
Run = Callable[..., object]

# Semantic pairs that stand on each other. Text needs 4.5, icons and edges of controls 3 (WCAG 1.4.3, 1.4.11).
TEXT_PAIRS = [
    (ink, ground)
    for ink in ("text", "text-soft", "text-muted", "link", "success", "warning", "danger")
    for ground in ("well", "canvas", "sidebar", "surface")
] + [
    ("text", "raised"),
    ("text", "selected"),
    ("text", "field"),
    ("text-muted", "field"),
    ("text-soft", "raised"),
    ("on-primary", "primary"),
    ("on-danger", "danger-fill"),
]
ICON_PAIRS = [("focus", ground) for ground in ("well", "canvas", "sidebar", "surface")] + [
    ("control-edge", "canvas"),
    ("control-edge", "surface"),
    *((f"data-{number}", "surface") for number in range(1, 7)),
]


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_tokens_reach_their_contrast(module: Run, theme: str) -> None:
    measure = """(_, { theme, pairs }) => {
      document.documentElement.dataset.theme = theme;
      const probe = document.body.appendChild(document.createElement('i'));
      const channel = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
      const light = (name) => {
        probe.style.color = `var(--color-${name})`;
        const [r, g, b] = getComputedStyle(probe).color.match(/[\\d.]+/g).map((part) => channel(part / 255));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      return pairs.map(([ink, ground, least]) => {
        const [high, low] = [light(ink), light(ground)].sort((a, b) => b - a);
        return [ink, ground, (high + 0.05) / (low + 0.05), least];
      });
    }"""
    pairs = [(*pair, 4.5) for pair in TEXT_PAIRS] + [(*pair, 3) for pair in ICON_PAIRS]
    measured = module("shared/js/format.js", measure, {"theme": theme, "pairs": pairs})
    too_low = [f"{ink} on {ground}: {ratio:.2f} < {least}" for ink, ground, ratio, least in measured if ratio < least]
    assert too_low == []
    assert max(ratio for *_, ratio, _ in measured) > 10  # the colours were resolved at all


def test_raw_colours_and_sizes_stand_in_tokens_only() -> None:
    raw = re.compile(r"#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(|(?<![\w.-])\d*\.?\d+(px|rem)\b", re.IGNORECASE)
    found = []
    for path in OURS:
        if path.suffix != ".css" or path.name == "tokens.css":
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if not line.strip().startswith("@media") and raw.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()}")
    assert found == []


def test_the_palette_is_the_agreed_one() -> None:
    tokens = (WEB / "shared" / "css" / "tokens.css").read_text()
    agreed = {
        "navy-950": "#060d1f",
        "navy-900": "#081028",
        "navy-850": "#0b1739",
        "navy-800": "#101e47",
        "navy-700": "#1b2c5e",
        "navy-600": "#2a3d78",
        "ink-100": "#f4f7ff",
        "ink-300": "#c3cce6",
        "ink-500": "#8a97bd",
        "accent-400": "#8b7bff",
        "accent-500": "#6c5cff",
        "cyan": "#22d3ee",
        "green": "#2fd28c",
        "amber": "#ffb347",
        "red": "#ff5d73",
    }
    assert {name: re.search(rf"--{name}: (#\w+);", tokens)[1] for name in agreed} == agreed


def test_no_page_has_inline_code_or_style() -> None:
    found = []
    for path in OURS:
        if path.suffix == ".html":
            text = path.read_text()
            found += [path.name for _ in re.finditer(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", text)]
            assert "default-src 'self'" in text, f"{path} has no policy"
            assert "unsafe-inline" not in text
    assert found == []


def test_types_are_clean() -> None:
    compiler = ROOT / "tests" / "node" / "node_modules" / ".bin" / "tsc"
    run = subprocess.run(
        [compiler, "-p", "tests/web/tsconfig.json", "--pretty", "false"], cwd=ROOT, capture_output=True, text=True
    )
    others = ("web/vendor/", "web/shared/render/")
    ours = [line for line in run.stdout.splitlines() if line.startswith("web/") and not line.startswith(others)]
    assert ours == []


def test_markup_escapes_every_value(module: Run) -> None:
    made = module(
        "shared/js/html.js",
        "({ html }) => String(html`<a title=\"${'\"><script>'}\">${'<b>&'}${[html`<i>${1}</i>`, null, false]}</a>`)",
    )
    assert made == '<a title="&quot;&gt;&lt;script&gt;">&lt;b&gt;&amp;<i>1</i></a>'


def test_markup_refuses_values_in_attributes_without_quotes(module: Run) -> None:
    refuses = "({ html }) => { try { html`<a href=${'x'}>`; return false; } catch { return true; } }"
    assert module("shared/js/html.js", refuses)


def test_rendering_keeps_focus_and_typed_text(module: Run) -> None:
    kept = module(
        "shared/js/html.js",
        """({ html, render }) => {
          const root = document.body.appendChild(document.createElement('div'));
          const item = (name) => html`<li data-key="${name}"><input name="${name}"></li>`;
          const view = (names) => html`<ul>${names.map(item)}</ul>`;
          render(root, view(['a', 'b', 'c']));
          const input = root.querySelector('[name=c]');
          input.value = 'typed';
          render(root, view(['c', 'a']));
          const names = [...root.querySelectorAll('input')].map((each) => each.name);
          return [names.join(), root.querySelector('[name=c]') === input, input.value];
        }""",
    )
    assert kept == ["c,a", True, "typed"]


@pytest.mark.parametrize(
    ("hash_", "expected"),
    [
        ("#/promo/templates/a%20b?state=draft", ["/promo/templates/:id", {"id": "a b"}, "draft"]),
        ("", ["/", {}, None]),
        ("#/nowhere", None),
    ],
)
def test_routes_match(module: Run, hash_: str, expected: object) -> None:
    match = """({ matchRoute }, hash) => {
      const place = matchRoute(hash, ['/', '/promo/templates/:id']);
      return place && [place.pattern, place.params, place.query.get('state')];
    }"""
    assert module("shared/js/router.js", match, hash_) == expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (
            [409, '{"error":{"code":"coupon_invalid","message":"No","request_id":"r1","fields":{"code":"x"}}}', {}],
            ["coupon_invalid", 409, "r1", {"code": "x"}, None, False],
        ),
        ([429, '{"error":{"code":"slow"}}', {"Retry-After": "7"}], ["slow", 429, None, {}, 7, True]),
        ([502, "<html>", {}], ["http_502", 502, None, {}, None, True]),
        ([200, "<html>", {}], ["bad_answer", 0, None, {}, None, True]),
    ],
)
def test_every_failure_becomes_one_kind_of_error(module: Run, answer: list[object], expected: list[object]) -> None:
    call = """async ({ createApi }, [status, body, headers]) => {
      const api = createApi({ base: '/api', fetch: async () => new Response(body, { status, headers }) });
      const error = await api.get('x/y').catch((problem) => problem);
      return [error.code, error.status, error.requestId, error.fields, error.retryAfter, error.isTransient];
    }"""
    assert module("shared/js/api.js", call, answer) == expected


def test_silence_times_out_and_giving_up_is_no_error(module: Run) -> None:
    call = """async ({ createApi, isAbort }) => {
      const hang = (_, { signal }) =>
        new Promise((_, refuse) => signal.addEventListener('abort', () => refuse(signal.reason)));
      const api = createApi({ base: '/api', timeoutMs: 50, fetch: hang });
      const late = await api.get('x').catch((problem) => problem.code);
      const leave = new AbortController();
      const left = api.get('x', { signal: leave.signal }).catch((problem) => isAbort(problem));
      leave.abort();
      return [late, await left];
    }"""
    assert module("shared/js/api.js", call) == ["timeout", True]


CODES = [
    "welcome-30",
    "  Summer 25 ",
    "a\u00a0b\u2003c",
    "ｆｕｌｌ１２",
    "straße",
    "ﬁrst",
    "code_1!?",
    "★★",
    "",
    "   ",
    "A" * 64,
    "A" * 65,
    "ß" * 40,
    "tab\tin",
    "bell\u0007",
    "\u202eEVIL",
    "zero\u200bwidth",
    "\ufeffBOM",
    "ÄÖÜ",
    "١٢٣",
    "😀CODE😀",
    "İstanbul",
]


def test_codes_are_normalised_as_the_server_does(module: Run) -> None:
    def server(raw: str) -> str | None:
        try:
            return normalise_code(raw)
        except PromoError:
            return None

    ours = module(
        "shared/js/coupon-code.js", "({ normaliseCode }, raws) => raws.map((raw) => normaliseCode(raw).code)", CODES
    )
    assert dict(zip(CODES, ours, strict=True)) == {raw: server(raw) for raw in CODES}


def test_pace_gives_rate_and_time_left_or_nothing(module: Run) -> None:
    paces = module(
        "shared/components/progress.js",
        """({ paceOf }) => [
          paceOf({ done: 0, total: 10, elapsedS: 5 }),
          paceOf({ done: 50, total: 200, elapsedS: 25 }),
        ]""",
    )
    assert paces == [None, {"perSecond": 2, "leftS": 75}]


def test_csv_quotes_and_disarms_formulas(module: Run) -> None:
    text = module(
        "shared/components/table-data.js",
        """({ toCsv }) => toCsv(
          [{ name: '=1+1', count: -3 }, { name: 'a,"b"', count: null }],
          [
            { key: 'n', label: 'Name', value: (row) => row.name },
            { key: 'c', label: 'Count', value: (row) => row.count },
          ],
        )""",
    )
    assert text == 'Name,Count\r\n\'=1+1,-3\r\n"a,""b""",\r\n'


def test_sorting_is_stable_and_leaves_gaps_last(module: Run) -> None:
    sorted_names = module(
        "shared/components/table-data.js",
        """({ sortRows }) => {
          const rows = [['b', 2], ['x', null], ['a', 10], ['c', 2]];
          const sorted = (direction) => sortRows(rows, { value: (row) => row[1] }, direction);
          return ['ascending', 'descending'].map((direction) => sorted(direction).map((row) => row[0]).join(''));
        }""",
    )
    assert sorted_names == ["bcax", "abcx"]


@pytest.mark.parametrize(
    ("at", "dash", "coupon"),
    [
        ("http://127.0.0.1:8787/", "/dash/", "http://127.0.0.1:8787/coupon/"),
        ("http://localhost:8787/", "http://dash.localhost:8787/", "http://localhost:8787/coupon/"),
        ("https://promo.example/", "https://dash.promo.example/", "https://promo.example/coupon/"),
    ],
)
def test_sites_find_each_other(module: Run, at: str, dash: str, coupon: str) -> None:
    addresses = """({ consoleAddress, publicAddress }, at) =>
      [consoleAddress('dash', new URL(at)), publicAddress('/coupon/', new URL(at))]"""
    assert module("shared/js/config.js", addresses, at) == [dash, coupon]


def static_imports(*roots: str) -> set[str]:
    """Every module that these load before they run, as paths below `web/`."""
    pattern = re.compile(r"""^(?:import|export)\s+(?:[\w*{}\s,]+\s+from\s+)?["'](\.[^"']+)["']""", re.MULTILINE)
    seen: set[str] = set()
    waiting = [(WEB / root).resolve() for root in roots]
    while waiting:
        module = waiting.pop()
        name = module.relative_to(WEB).as_posix()
        if name not in seen:
            seen.add(name)
            code = re.sub(r"/\*.*?\*/", "", module.read_text(), flags=re.DOTALL)
            waiting += [(module.parent / target).resolve() for target in pattern.findall(code)]
    return seen


def test_the_coupon_page_asks_for_all_its_modules_at_once() -> None:
    page = (WEB / "coupon" / "index.html").read_text()
    asked = re.findall(r'(?:rel="modulepreload"|type="module")[^>]*? (?:href|src)="([^"]+)"', page)
    named = {(WEB / "coupon" / address).resolve().relative_to(WEB).as_posix() for address in asked}
    own = static_imports("coupon/data.js", "coupon/app.js")
    engine = static_imports("shared/render/preview.js")
    assert len(asked) == len(named)
    assert own - named == set(), "add them as modulepreload to web/coupon/index.html"
    assert "shared/render/preview.js" in named
    assert len(engine - named) <= 5, "the engine has grown: name its modules too"
    assert [name for name in named if not (WEB / name).is_file()] == []
