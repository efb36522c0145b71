"""admin/operations: what support looks at. Who was refused, and why."""

from typing import Any

from promostack.app.admins import ADMIN
from promostack.app.endpoint import Endpoint
from promostack.app.request import Request
from promostack.auth import failures
from promostack.auth.schemas import Refusal, RefusalPage, RefusalQuery

endpoint = Endpoint("admin/operations")


@endpoint.get("refusals", access=ADMIN, query=RefusalQuery)
def list_refusals(request: Request, query: RefusalQuery) -> dict[str, Any]:
    found, cursor = failures.list_failures(limit=query.limit, cursor=query.cursor, reason=query.reason)
    items = [Refusal.model_validate(each, from_attributes=True) for each in found]
    return RefusalPage(items=items, next=cursor).model_dump(mode="json")
