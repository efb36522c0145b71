"""A web function: route, access rule, schema, one service call, one place where errors become answers.

endpoint = Endpoint("public/validate-coupon")

@endpoint.post(access=PUBLIC, body=ValidateCoupon)
def validate(request: Request, body: ValidateCoupon) -> dict[str, object]: ...

def main(event, context):
    return endpoint.handle(event, context)
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from promostack.app.access import Access, check_host, cors_headers, host_class
from promostack.app.request import Reply, Request, parse_event, read_body, to_result
from promostack.core import log, transactions
from promostack.core.errors import BadRequest, MethodNotAllowed, NotFound, PromoError, Unprocessable

Handler = Callable[..., Reply | dict[str, Any]]
_log = log.get("endpoint")

# Answers are data: no page may run, frame or guess the type of one, and nothing keeps it.
_SAFETY = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# Who is refused for who he is, where he comes from or how often he tries is recorded.
_REFUSALS = frozenset({401, 403, 404, 429})
_CORS_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST, PUT, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, X-Tenant",
    "Access-Control-Max-Age": "600",
}


class Schema(Protocol):
    """What reads a body or a query: a pydantic model, or whatever raises Unprocessable itself."""

    @classmethod
    def model_validate(cls, obj: Any, /) -> Any:
        """The data as an object of the class."""


@dataclass(frozen=True)
class _Route:
    method: str
    pattern: tuple[str, ...]
    access: Access
    body: type[Schema] | None
    query: type[Schema] | None
    handler: Handler

    def matches(self, path: tuple[str, ...]) -> bool:
        return len(path) == len(self.pattern) and all(
            wanted.startswith("{") or wanted == part for wanted, part in zip(self.pattern, path, strict=True)
        )

    def path_values(self, path: tuple[str, ...]) -> dict[str, str]:
        return {wanted[1:-1]: part for wanted, part in zip(self.pattern, path, strict=True) if wanted.startswith("{")}


class Endpoint:
    """Routes of one function. A handler gets the request, then `body` and `query` if declared, then path values."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.routes: list[_Route] = []

    def get(self, path: str = "", *, access: Access, query: type[Schema] | None = None) -> Callable[[Handler], Handler]:
        """Registers a GET route; `path` may hold `{name}` parts."""
        return self._route("GET", path, access=access, query=query)

    def post(
        self,
        path: str = "",
        *,
        access: Access,
        body: type[Schema] | None = None,
        query: type[Schema] | None = None,
    ) -> Callable[[Handler], Handler]:
        """Registers a POST route. Without a `body` schema the handler reads `request.body` itself."""
        return self._route("POST", path, access=access, body=body, query=query)

    def put(self, path: str = "", *, access: Access, body: type[Schema] | None = None) -> Callable[[Handler], Handler]:
        """Registers a PUT route."""
        return self._route("PUT", path, access=access, body=body)

    def delete(self, path: str = "", *, access: Access) -> Callable[[Handler], Handler]:
        """Registers a DELETE route."""
        return self._route("DELETE", path, access=access)

    def handle(self, event: Mapping[str, Any], context: object) -> dict[str, Any]:
        """Answers one call; never raises, never shows a bug's text."""
        if not self.routes:
            raise RuntimeError(f"{self.name} declares no route and therefore no access rule")
        token = log.request_id.set(str(getattr(context, "activation_id", "")) or None)
        try:
            return to_result(self._answer(event, context))
        finally:
            log.request_id.reset(token)

    def _route(
        self,
        method: str,
        path: str,
        *,
        access: Access,
        body: type[Schema] | None = None,
        query: type[Schema] | None = None,
    ) -> Callable[[Handler], Handler]:
        if not isinstance(access, Access):
            raise TypeError(f"{self.name}: {method} /{path} needs an access rule")
        pattern = tuple(part for part in path.split("/") if part)

        def register(handler: Handler) -> Handler:
            self.routes.append(_Route(method, pattern, access, body, query, handler))
            return handler

        return register

    def _answer(self, event: Mapping[str, Any], context: object) -> Reply:
        headers = dict(_SAFETY)
        request: Request | None = None
        try:
            request = parse_event(event, context)
            reply = self._dispatch(replace(request, body=read_body(event)))
        except PromoError as error:
            self._record_refusal(error, request)
            reply = _error_reply(error, request.request_id if request else "")
        except Exception as error:  # the endpoint is one of the few places that may catch everything
            _log.error("bug", function=self.name, kind=type(error).__name__, detail=log.trace(error))
            reply = _error_reply(
                PromoError("Something broke on our side. Try again; it has been recorded."),
                request.request_id if request else "",
            )
        if request:
            headers |= {"X-Request-Id": request.request_id, **cors_headers(self._access_of(request), request)}
        return Reply(reply.body, reply.status, {**headers, **reply.headers})

    def _record_refusal(self, error: PromoError, request: Request | None) -> None:
        """Support reads why somebody was refused; the caller only gets the code."""
        reason = getattr(error, "reason", None)
        if reason is None or request is None or error.status not in _REFUSALS:
            return
        from promostack.app.actors import actor_of
        from promostack.auth import failures

        failures.record(
            reason=reason,
            function=self.name,
            # Anybody can name any host: one that is not ours is no part of what is counted.
            host="other" if host_class(request.host) == "public" else request.host,
            actor=actor_of(request),
            request_id=request.request_id,
        )

    def _dispatch(self, request: Request) -> Reply:
        if request.method == "OPTIONS":
            allowed = cors_headers(self._access_of(request), request).get("Access-Control-Allow-Origin")
            return Reply(status=204, headers=_CORS_PREFLIGHT if allowed else {})
        route = self._find(request)
        check_host(route.access, request)
        request = replace(request, caller=route.access.authenticate(request))
        arguments: dict[str, Any] = dict(route.path_values(request.path))
        if route.query is not None:
            arguments["query"] = _validated(route.query, dict(request.query))
        if route.body is not None:
            arguments["body"] = _validated(route.body, _json(request.body))
        with transactions.reading_only(getattr(request.caller, "visit", None) is not None and request.method == "GET"):
            answer = route.handler(request, **arguments)
        return answer if isinstance(answer, Reply) else Reply(answer)

    def _access_of(self, request: Request) -> Access:
        """The rule of the route that is asked for or announced by a preflight; where there is none, the first one."""
        announced = request.headers.get("access-control-request-method", "").upper()
        try:
            return self._find(
                replace(request, method=announced if request.method == "OPTIONS" else request.method)
            ).access
        except PromoError:
            return self.routes[0].access

    def _find(self, request: Request) -> _Route:
        fitting = [route for route in self.routes if route.matches(request.path)]
        if not fitting:
            raise NotFound("There is nothing at this address.")
        method = "GET" if request.method == "HEAD" else request.method
        for route in fitting:
            if route.method == method:
                return route
        raise MethodNotAllowed(f"This address takes {', '.join(sorted({route.method for route in fitting}))}.")


def _json(body: bytes) -> Any:
    """The body as JSON; raises BadRequest. NaN and Infinity, which Python would take, are no JSON."""

    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is not JSON")

    try:
        return json.loads(body, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise BadRequest("The body is not valid JSON.") from error


def _validated(schema: type[Schema], data: Any) -> Any:
    """The data as the schema's model; raises Unprocessable naming each wrong field."""
    # A function whose schemas are no pydantic models never imports it.
    if not hasattr(schema, "model_fields"):
        return schema.model_validate(data)
    from pydantic import ValidationError

    try:
        return schema.model_validate(data)
    except ValidationError as error:
        fields = {".".join(str(part) for part in each["loc"]) or "body": each["msg"] for each in error.errors()}
        raise Unprocessable(f"Check these fields: {', '.join(fields)}.", fields=fields) from error


def _error_reply(error: PromoError, request_id: str) -> Reply:
    body: dict[str, Any] = {"code": error.code, "message": error.message, "request_id": request_id}
    if error.status >= 500:
        _log.error("failed", code=error.code, message=error.message, cause=repr(error.__cause__))
    if error.code == "not_configured":
        body["message"] = "The service is not set up completely; the operator's log names what is missing."
    if error.fields:
        body["fields"] = error.fields
    headers = {}
    if error.retry_after_s is not None:
        headers["Retry-After"] = str(max(1, round(error.retry_after_s)))
    return Reply({"error": body}, error.status, headers)
