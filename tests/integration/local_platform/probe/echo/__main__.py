import os


def main(event, context):
    print("echo was called")
    return {"body": {"http": event["http"], "environment": dict(os.environ), "pid": os.getpid()}}
