"""What scripts/publish-web runs; see there."""

from __future__ import annotations

import argparse
from pathlib import Path

from scripts.local import deployment, project


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assets", required=True, help="https address of the public bucket's CDN")
    parser.add_argument("--clerk-key", default="", help="Clerk's publishable key; without it nobody can sign in")
    parser.add_argument("--store", default="", help="https address of the object store that takes uploads")
    parser.add_argument("--out", required=True, type=Path)
    args = parser.parse_args()
    given = {"asset_base": args.assets, "clerk_key": args.clerk_key, "store": args.store}
    for site in deployment.publish_web(project.ROOT / "web", args.out, **given):
        print(site)


if __name__ == "__main__":
    main()
