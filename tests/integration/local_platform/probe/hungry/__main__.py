import os
import time


def main(event, context):
    """Holds as many MB as the query says for two seconds."""
    print("process", os.getpid(), flush=True)
    held = b"x" * (int(event["http"]["queryString"]) * 1024 * 1024)
    if len(held) > 64 * 1024 * 1024:
        time.sleep(2)
    return {"body": {"pid": os.getpid(), "held": len(held)}}
