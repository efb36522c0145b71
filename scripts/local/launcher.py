"""The in-container half of the platform's Python runtime: one process, one function, one call at a time.

It is started as `python launcher.py [LAYER]`, LAYER being a folder of packages that stands for the image's own.
Lines of JSON come in on stdin, answers go out on fd 3, stdout and stderr are the function's log.

    fd 3   {"ok": true}                                                            ready for code
    stdin  {"value": {"name", "main", "binary": true, "code": "<base64 zip>", "env": {…}}}
           {"value": {"name", "main", "folder": "<path>", "env": {…}}}             code that is unzipped already
    fd 3   {"ok": true} or {"error": text}
    stdin  {"value": event, "activation_id", "action_name", "namespace", "deadline": "<epoch ms>"}
    fd 3   the function's result, one line of JSON                                 … and so on

What is awkward here is awkward there, and is kept on purpose: the handler is called with as many arguments as its code
object counts (so a `(*a, **k)` wrapper gets none), an exception becomes {"error": its text}, and a result that JSON
cannot hold (bytes, Decimal, datetime, a coroutine) or a SystemExit ends the process without an answer.
Standard library only: whatever is imported here is not measured as the function's own cold start.
"""

import base64
import importlib.util
import io
import json
import os
import sys
import time
import traceback
import zipfile


class Context:
    """What the platform passes as the handler's second argument. Not serialisable, like the real one."""

    def __init__(self, environment):
        self.activation_id = environment.get("__OW_ACTIVATION_ID", "")
        self.api_host = environment.get("__OW_API_HOST", "")
        self.api_key = environment.get("__OW_API_KEY", "")
        self.deadline = int(environment.get("__OW_DEADLINE", "0"))
        self.function_name = environment.get("__OW_ACTION_NAME", "")
        self.function_version = environment.get("__OW_ACTION_VERSION", "0.0.1")
        self.namespace = environment.get("__OW_NAMESPACE", "")
        self.request_id = environment.get("__OW_TRANSACTION_ID", "")

    def get_remaining_time_in_millis(self):
        return max(0, self.deadline - int(time.time() * 1000))


def unpack(code):
    """Unzip base64 `code` into the current (empty) folder; plain source becomes a `__main__.py`."""
    data = base64.b64decode(code)
    if not zipfile.is_zipfile(io.BytesIO(data)):
        with open("__main__.py", "wb") as source:
            source.write(data)
        return
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(".")


def activate_virtualenv():
    """Put `virtualenv`'s packages first on the path, the way the platform does: by its own activation script."""
    if not os.path.isdir("virtualenv"):
        return
    script = os.path.abspath("virtualenv/bin/activate_this.py")
    if not os.path.exists(script):
        raise RuntimeError("Invalid virtualenv. Zip file does not include 'activate_this.py'.")
    with open(script) as source:
        code = compile(source.read(), script, "exec")
    exec(code, {"__file__": script, "__name__": "activate_this"})


def load_handler(name):
    """Import `__main__.py` of the current folder as the module `main__` and return its function `name`."""
    spec = importlib.util.spec_from_file_location("main__", os.path.abspath("__main__.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules["main__"] = module
    spec.loader.exec_module(module)
    return getattr(module, name)


def initialise(value):
    """Bring the code of an init message into this process; returns its handler and how many arguments it takes."""
    os.environ.update({name: str(text) for name, text in (value.get("env") or {}).items()})
    if value.get("folder"):
        os.chdir(value["folder"])
    else:
        unpack(value["code"])
    sys.path.insert(0, os.getcwd())
    activate_virtualenv()
    handler = load_handler(value.get("main") or "main")
    return handler, handler.__code__.co_argcount


def answer(out, result):
    line = json.dumps(result, ensure_ascii=False).encode() + b"\n"
    sys.stdout.flush()
    sys.stderr.flush()
    out.write(line)
    out.flush()


def run(handler, argument_count, message):
    """Call the handler for one run message; an exception's text becomes the answer, as it does on the platform."""
    for key, value in message.items():
        if key != "value":
            os.environ["__OW_" + key.upper()] = str(value)
    try:
        return handler(*(message.get("value") or {}, Context(os.environ))[:argument_count])
    except Exception as error:
        traceback.print_exc()
        return {"error": str(error)}


def serve():
    sys.path.extend(sys.argv[1:])
    os.set_inheritable(3, False)
    out = os.fdopen(3, "wb")
    answer(out, {"ok": True})
    first = sys.stdin.readline()
    if not first:
        return
    try:
        handler, argument_count = initialise(json.loads(first)["value"])
    except Exception as error:
        traceback.print_exc()
        answer(out, {"error": "The action failed to generate or locate a binary: " + str(error)})
        return
    answer(out, {"ok": True})
    while line := sys.stdin.readline():
        answer(out, run(handler, argument_count, json.loads(line)))


if __name__ == "__main__":
    serve()
