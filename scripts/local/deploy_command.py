"""What scripts/deploy runs; see there."""

from __future__ import annotations

import argparse
import os
import sys
import textwrap

from scripts.local import deployment, project

HERE = project.ROOT / ".local" / "deploy"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--domain", required=True)
    parser.add_argument("--repository", required=True, help="clone address that App Platform may read")
    parser.add_argument("--assets", required=True, help="https address of the public bucket's CDN")
    parser.add_argument("--clerk-key", default="", help="Clerk's publishable key; without it nobody can sign in")
    parser.add_argument("--region", default="fra")
    parser.add_argument("--branch", default="app-platform")
    parser.add_argument("--dry-run", action="store_true")
    args = parser.parse_args()
    tree, spec = HERE / "tree", HERE / "app.yaml"
    values = {
        **os.environ,
        "DOMAIN": args.domain,
        "REPOSITORY": args.repository,
        "REGION": args.region,
        "BRANCH": args.branch,
        "PUBLIC_ASSET_BASE": args.assets,
        "ADMIN_ORIGIN": f"https://admin.{args.domain}",
        "DASH_ORIGIN": f"https://dash.{args.domain}",
        "API_BASE": f"https://api.{args.domain}",
    }
    filled = deployment.app_spec((project.ROOT / ".do" / "app.yaml").read_text(), values, project.read())
    store = os.environ.get("SPACES_ENDPOINT", "")
    deployment.make_tree(tree, asset_base=args.assets, clerk_key=args.clerk_key, store=store)
    spec.write_text(filled)
    button = tree / ".do" / "deploy.template.yaml"  # what a "Deploy to DigitalOcean" button of that branch reads
    button.parent.mkdir()
    button.write_text("spec:\n" + textwrap.indent(filled, "  "))
    print(f"tree  {tree}\nspec  {spec}")
    if args.dry_run:
        return
    commit = deployment.commit_tree(tree, args.branch, "deploy: derive the tree for App Platform")
    print(f"commit {commit} on {args.branch}\nnow run\n  git push origin {args.branch}")
    print(f"  doctl apps create --upsert --spec {spec}\n  doctl serverless deploy . --remote-build    # the namespace")


if __name__ == "__main__":
    try:
        main()
    except deployment.DeploymentInvalid as problem:
        sys.exit(str(problem))
