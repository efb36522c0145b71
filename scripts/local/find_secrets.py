"""Finds what must never be committed: keys and tokens in tracked files. Exits 1 and names file and line.

Made-up examples in tests are recognised by living in the list below, so that a real one cannot hide among them.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECRET = re.compile(
    r"\b\d{8,12}:AA[A-Za-z0-9_-]{33}\b"  # Telegram bot token
    r"|\b(?:sk|rk)_live_[A-Za-z0-9]{16,}"  # Stripe
    r"|\bAKIA[A-Z0-9]{16}\b|\bdop_v1_[a-f0-9]{64}\b"  # object store, DigitalOcean
    r"|-----BEGIN (?:RSA |EC |OPENSSH )?PRIVATE KEY-----"
    r"|\bsk-(?:proj-)?[A-Za-z0-9_-]{32,}"  # OpenAI
)
# From the vendors' own documentation.
EXAMPLES = frozenset({"123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw9", "sk_live_4eC39HqLyjWDarjtT1zdp7dc"})
NOT_READ = (".ttf", ".woff2", ".png", ".jpg", ".webp", ".wasm", ".csv", ".zip")


def main() -> int:
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    found = 0
    for name in filter(None, tracked.split("\0")):
        path = ROOT / name
        if path.suffix in NOT_READ or not path.is_file():
            continue
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
            for match in SECRET.finditer(line):
                if match[0] not in EXAMPLES:
                    print(f"{name}:{number}: looks like a secret: {match[0][:6]}…")
                    found += 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
