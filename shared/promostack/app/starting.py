"""Starting a function that the web cannot reach."""

from promostack.core import config, http

START_TIMEOUT_S = 5.0


def start_function(name: str, event: dict[str, object]) -> None:
    """Starts it without waiting for its end; raises VendorUnreachable when the platform does not take the call."""
    user, _, password = config.require("FUNCTIONS_ACCESS_KEY").partition(":")
    host = config.require("FUNCTIONS_API_HOST").rstrip("/")
    address = f"{host}/api/v1/namespaces/_/actions/{name}?blocking=false"
    answer = http.post(address, json=event, timeout_s=START_TIMEOUT_S, auth=(user, password))
    if answer.status != 202:
        raise http.VendorUnreachable(f"{name} was not started: the platform answered {answer.status}")
