"""Starts the launcher with a clock that its calls bring along, and tells the CPU that each call took.

python signals_clock.py LAUNCHER [LAYER]: an event's "at" (ISO) is what `SystemClock` shows during that call; the answer
gets "cpu_ms". Nothing else of the built function is touched. Standard library only.
"""

import importlib.util
import sys
import time
from datetime import datetime


def load(path):
    spec = importlib.util.spec_from_file_location("launcher", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def clocked(load_handler):
    def load_clocked(name):
        handler = load_handler(name)
        from promostack.core.clock import SystemClock

        def main(event, context):
            at = datetime.fromisoformat(event.pop("at"))
            SystemClock.now = lambda self: at
            started = time.process_time()
            answer = handler(event, context)
            return {**answer, "cpu_ms": (time.process_time() - started) * 1000}

        return main

    return load_clocked


if __name__ == "__main__":
    launcher = load(sys.argv[1])
    launcher.load_handler = clocked(launcher.load_handler)
    sys.argv = sys.argv[1:]
    launcher.serve()
