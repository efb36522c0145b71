"""The issuer's hosted sign-in page, as small as it can be: one click signs somebody in. Only this machine has it."""

from __future__ import annotations

import json
from html import escape
from urllib.parse import urlsplit

from scripts.local.clerk_people import Person

ADMIN_PASSWORD = "gold-demo-password"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; "
    "base-uri 'none'"
)
# Where clerk-js puts the address to go back to, the strongest first.
RETURN_NAMES = (
    "sign_in_force_redirect_url", "redirect_url", "sign_in_fallback_redirect_url", "sign_up_force_redirect_url",
    "sign_up_fallback_redirect_url",
)  # fmt: skip


def safe_return(wanted: str | None, home: str) -> str:
    """`wanted` when it lies on the same origin as `home`, else `home`: a page that sends people anywhere is a trap."""
    here, there = urlsplit(home), urlsplit(wanted or "")
    return wanted if wanted and (there.scheme, there.netloc) == (here.scheme, here.netloc) else home


def page(people: list[Person], *, proxy_url: str, back: str) -> str:
    """One button for each person and a field for somebody new."""
    action, is_admin_host = f"{proxy_url}/sign-in", urlsplit(proxy_url).netloc.startswith("admin.")
    shown = sorted(people, key=lambda each: (each.subject == "user_platform") != is_admin_host)
    rows = "".join(_row(each, action, back) for each in shown)
    return f"""<!doctype html>
<html lang="en" data-theme="dark">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Choose who you are · local sign-in</title>
<link rel="icon" href="/shared/mark.svg" type="image/svg+xml">
<link rel="stylesheet" href="/shared/css/tokens.css">
<link rel="stylesheet" href="/shared/css/base.css">
<link rel="stylesheet" href="{escape(proxy_url)}/sign-in.css">
<script type="module" src="{escape(proxy_url)}/sign-in.js"></script>
</head>
<body>
<main>
<h1>Choose who you are</h1>
<p>This page stands in for the identity provider on this machine. One click signs you in.</p>
<ul>{rows}</ul>
<form class="new" method="post" action="{escape(action)}">
<input type="hidden" name="redirect_url" value="{escape(back)}">
<label for="email">Somebody new</label>
<input id="email" name="email" type="email" required placeholder="name@company.example" autocomplete="off">
<button>Sign in</button>
</form>
{_password_hint() if is_admin_host else ""}
<p><a id="back" href="{escape(back)}">Back without signing in</a></p>
</main>
</body>
</html>
"""


def _row(person: Person, action: str, back: str) -> str:
    return f"""<li><form method="post" action="{escape(action)}">
<input type="hidden" name="redirect_url" value="{escape(back)}">
<button name="subject" value="{escape(person.subject)}"><strong>{escape(person.name)}</strong>
<span>{escape(person.email)}</span><small>{escape(person.note or "Signed in here before")}</small></button>
</form></li>"""


def _password_hint() -> str:
    return (
        "<p>The password form of this host takes <code>platform@promostack.example</code> with "
        f"<code>{ADMIN_PASSWORD}</code> here.</p>"
    )


# clerk-js hands the address to go back to over behind the #, where no server sees it.
SCRIPT = f"""
const names = {json.dumps(RETURN_NAMES)};
const given = new URLSearchParams(location.hash.split("?")[1] ?? "");
const wanted = names.map((name) => given.get(name)).find(Boolean);
if (wanted && new URL(wanted, location.href).origin === location.origin) {{
  for (const input of document.querySelectorAll("[name=redirect_url]")) input.value = wanted;
  document.querySelector("#back").href = wanted;
}}
"""

STYLE = """
body { background: var(--color-canvas); color: var(--color-text); }
main { max-inline-size: 34rem; margin: 0 auto; padding: 48px 16px; display: grid; gap: 16px; }
ul { list-style: none; padding: 0; margin: 0; display: grid; gap: 8px; }
li button { inline-size: 100%; display: grid; gap: 2px; text-align: start; padding: 12px 16px; }
button, input { font: inherit; color: inherit; border: 1px solid var(--color-border); border-radius: 8px;
  background: var(--color-surface); padding: 8px 12px; cursor: pointer; }
button:hover { background: var(--color-raised); }
:focus-visible { outline: 2px solid var(--color-focus); outline-offset: 2px; }
input { cursor: text; min-inline-size: 0; }
span, small, p { color: var(--color-text-muted); overflow-wrap: anywhere; }
.new { display: grid; grid-template-columns: 1fr auto; gap: 8px; }
.new label { grid-column: 1 / -1; }
a { color: inherit; }
"""
