"""resvg behind bounds of memory and time: it aborts its process when memory ends, and knows no deadline.

Run as a program it draws the SVG on its standard input as a PNG on its standard output.
"""

import os
import resource
import subprocess
import sys

MOST_MEMORY_BYTES = 320 * 1024 * 1024
MOST_CPU_S = 8
MOST_WALL_S = 15


class NotDrawn(Exception):
    """resvg refused the drawing, or ran into its bounds."""


def draw(drawing: bytes) -> bytes:
    """The drawing as a PNG of the size that its root element states; raises NotDrawn."""
    # Nothing of our environment goes along: it holds what a drawing must never get at.
    environment = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-m", __name__]
    try:
        done = subprocess.run(command, input=drawing, capture_output=True, env=environment, timeout=MOST_WALL_S)
    except subprocess.TimeoutExpired as error:
        raise NotDrawn(f"not drawn within {MOST_WALL_S} s") from error
    if done.returncode != 0 or not done.stdout:
        raise NotDrawn(f"ended with status {done.returncode}")
    return done.stdout


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_S, MOST_CPU_S))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import resvg_py

    picture = resvg_py.svg_to_bytes(svg_string=sys.stdin.buffer.read().decode(), skip_system_fonts=True)
    sys.stdout.buffer.write(picture)


if __name__ == "__main__":
    main()
