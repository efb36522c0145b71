"""Seed art drawn by code. Each module has `draw(width, height) -> float32 (height, width, 3), sRGB 0–1`."""
