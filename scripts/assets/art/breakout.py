"""A candle chart that breaks out to the upper right, glowing on near-black; the left top stays dark for text."""

import numpy as np

from .paint import Picture, Stencil, add_light, axes, blur, grain, over, ramp, smoothstep

UP, DOWN = "#2ef2a0", "#ff4d6d"


def candles(count: int) -> list[tuple[float, float, float, float]]:
    """(open, high, low, close) in 0–1: a range, a shake-out, then a trend that steepens."""
    random = np.random.RandomState(29)
    path = []
    close = 0.2
    for index in range(count):
        t = index / (count - 1)
        goal = (
            0.2 + 0.07 * np.sin(9 * t) - 0.09 * np.exp(-(((t - 0.42) / 0.07) ** 2)) + 0.7 * max(0, t - 0.45) ** 1.25 * 2
        )
        opened, close = close, goal + random.normal(0, 0.022)
        high = max(opened, close) + abs(random.normal(0, 0.018))
        low = min(opened, close) - abs(random.normal(0, 0.018))
        path.append((opened, high, low, close))
    return path


def draw(width: int, height: int) -> Picture:
    x, y = axes(width, height)
    picture = ramp(y / y.max(), ((0.0, "#05070f"), (0.55, "#081120"), (1.0, "#072a2c")))
    grid = Stencil(width, height)
    for column in range(0, width + 1, 90):
        grid.line([(column, 0), (column, height)], 1, 0.5)
    for row in range(height, -1, -90):
        grid.line([(0, row), (width, row)], 1, 0.5)
    picture = over(picture, "#7fb4ff", grid.field() * 0.13 * smoothstep(0.25, 1.0, y / y.max()))

    count = 30
    step = width / count
    floor, ceiling = height * 0.97, height - width * 0.78

    def level(value: float) -> float:
        return floor - value * (floor - ceiling)

    rising, falling, average = Stencil(width, height), Stencil(width, height), Stencil(width, height)
    closes: list[float] = []
    trail: list[tuple[float, float]] = []
    for index, (opened, high, low, close) in enumerate(candles(count)):
        middle = (index + 0.5) * step
        pen = rising if close >= opened else falling
        pen.rectangle((middle - 2, level(high), middle + 2, level(low)), 0.85)
        top, bottom = sorted((level(opened), level(close)))
        pen.rectangle((middle - step * 0.32, top, middle + step * 0.32, max(bottom, top + 4)), radius=4)
        closes.append(close)
        trail.append((middle, level(sum(closes[-7:]) / len(closes[-7:]) - 0.035)))
    average.line(trail, 5)
    for pen, colour in ((falling, DOWN), (rising, UP)):
        shape = pen.field() * smoothstep(-0.25, 0.5, x / x.max())
        picture = add_light(picture, colour, 1.1 * blur(shape, 34))
        picture = over(picture, ramp(y / y.max(), ((0.4, colour), (1.05, "#0b3b44"))), shape * 0.95)
    line = average.field() * smoothstep(-0.1, 0.4, x / x.max())
    picture = add_light(picture, "#49c6ff", 1.4 * blur(line, 16))
    picture = over(picture, "#d6f4ff", line * 0.9)
    return grain(picture, seed=13, amount=0.007)
