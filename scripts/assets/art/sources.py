"""The photographs that seed art is cut from; build_art.py puts the originals here. See VENDORED.md beside the art."""

from pathlib import Path

from PIL import Image

FOLDER = Path(__file__).resolve().parents[3] / ".local" / "art-sources"
FILES = {"dandelion": "seeding_by_Clements_Engelhardt.jpg", "rocket": "rocket.jpg"}


def photo(name: str) -> Image.Image:
    with Image.open(FOLDER / FILES[name]) as image:
        return image.convert("RGB")
