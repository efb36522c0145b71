import os
import time
from urllib.parse import parse_qs


def main(event, context):
    """Takes `seconds`, or until there is a file, or dies by `how`."""
    query = parse_qs(event["http"]["queryString"])
    time.sleep(float(query.get("seconds", ["0"])[0]))
    while "until" in query and not os.path.exists(query["until"][0]):
        time.sleep(0.02)
    how = query.get("how", [""])[0]
    if how == "exit":
        os._exit(3)
    if how == "raise":
        raise RuntimeError("the secret of the house")
    if how == "long":
        return {"body": "x" * int(query["length"][0])}
    if how == "bytes":
        return {"body": b"not JSON"}
    return {"body": {"pid": os.getpid(), "remaining_ms": context.get_remaining_time_in_millis()}}
