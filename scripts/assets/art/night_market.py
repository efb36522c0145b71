"""Neon tubes on a dark wall, mirrored in a wet floor; the frame of tubes carries the text."""

import numpy as np

from .paint import Field, Picture, Stencil, add_light, axes, blur, grain, noise, ramp, smoothstep

# The frame's box per format, in pixels.
FRAMES = {1080: (84, 84, 996, 868), 1350: (84, 110, 996, 1110), 1920: (84, 290, 996, 1490)}


def tube(width: int, height: int, box: tuple[float, float, float, float], radius: float, thick: float) -> Field:
    left, top, right, bottom = box
    pen = Stencil(width, height)
    pen.rectangle(box, radius=radius)
    pen.rectangle((left + thick, top + thick, right - thick, bottom - thick), 0, radius - thick)
    return pen.field()


def draw(width: int, height: int) -> Picture:
    left, top, right, bottom = FRAMES[height]
    _, y = axes(width, height)
    floor = (bottom + 70) / height
    down = y / y.max()
    picture = ramp(down, ((0.0, "#0b0618"), (floor, "#140a2a"), (1.0, "#07040f")))
    bricks = Stencil(width, height)
    course = 54
    for row, level in enumerate(range(0, height, course)):
        bricks.line([(0, level), (width, level)], 3)
        for at in range(-60 * (row % 2), width + 120, 120):
            bricks.line([(at, level), (at, level + course)], 3)
    wall = smoothstep(floor + 0.002, floor - 0.002, down)
    mottle = noise(width, height, cell_px=60, seed=61)
    lit = np.zeros((height, width), np.float32)
    tubes = (
        ("#ff2fa0", tube(width, height, (left, top, right, bottom), 56, 11), 1.0),
        ("#22d3ff", tube(width, height, (left + 30, top + 30, right - 30, bottom - 30), 34, 6), 0.9),
    )
    for colour, shape, power in tubes:
        halo = power * (3.4 * blur(shape, 90) + 1.5 * blur(shape, 26))
        texture = wall * (0.72 + 0.5 * mottle) * (1 - 0.45 * bricks.field())
        picture = add_light(picture, colour, halo * texture)
        lit = np.maximum(lit, shape)
    mirror_at = int(floor * height)
    below = height - mirror_at
    glow = picture[max(0, mirror_at - below) : mirror_at][::-1]
    shade = np.linspace(0.55, 0.1, len(glow), dtype=np.float32)[:, None, None]
    ripple = 0.75 + 0.5 * noise(width, len(glow), cell_px=40, seed=62)[..., None]
    picture[mirror_at : mirror_at + len(glow)] = np.maximum(
        picture[mirror_at : mirror_at + len(glow)], glow * shade * ripple
    )
    for colour, shape, power in tubes:
        reflected = np.zeros_like(shape)
        source = shape[max(0, mirror_at - below) : mirror_at][::-1]
        reflected[mirror_at : mirror_at + len(source)] = source
        picture = add_light(picture, colour, 0.9 * power * blur(reflected, 18))
        picture = add_light(picture, colour, 1.2 * blur(shape, 5))
        picture = add_light(picture, "#ffffff", blur(shape, 1.2) * 0.92)
    return grain(picture, seed=20, amount=0.008)
