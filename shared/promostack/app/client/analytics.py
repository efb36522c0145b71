"""client/analytics: the figures of the tenant's bots, each table as a file, what one person did."""

from typing import Any
from zoneinfo import ZoneInfo

from promostack.analytics import report
from promostack.analytics.errors import PersonMissing
from promostack.analytics.report import Question
from promostack.analytics.schemas import DaysQuery, ReportAnswer, ReportQuery, StepAnswer, StepPage
from promostack.app.endpoint import Endpoint
from promostack.app.request import Reply, Request
from promostack.app.signed_in import member
from promostack.auth.models import Member
from promostack.core import cursors
from promostack.core.clock import SystemClock
from promostack.tenants import settings
from promostack.tenants.schemas import PageQuery

endpoint = Endpoint("client/analytics")

_clock = SystemClock()


@endpoint.get(access=member("analytics.read"), query=ReportQuery)
def read_report(request: Request, query: ReportQuery) -> dict[str, Any]:
    tenant_id = request.caller_as(Member).tenant_id
    wanted = _question(tenant_id, query)
    found = report.build(tenant_id, wanted, now=_clock.now(), is_compared=query.compare is not None)
    return ReportAnswer.model_validate(found).model_dump(mode="json")


@endpoint.get("export/{table}", access=member("analytics.export"), query=DaysQuery)
def export_table(request: Request, query: DaysQuery, table: str) -> Reply:
    tenant_id = request.caller_as(Member).tenant_id
    wanted = _question(tenant_id, query)
    text = report.export(tenant_id, table, wanted, now=_clock.now())
    name = f"bot-{table}-{wanted.days.first}-{wanted.days.last}.csv"
    return Reply(
        text,
        headers={
            "Content-Type": "text/csv; charset=utf-8; header=present",
            "Content-Disposition": f'attachment; filename="{name}"',
        },
    )


@endpoint.get("people/{person}", access=member("analytics.read"), query=PageQuery)
def list_steps(request: Request, query: PageQuery, person: str) -> dict[str, Any]:
    before = cursors.decode(query.cursor, cursors.row_id)[0] if query.cursor else None
    tenant_id = request.caller_as(Member).tenant_id
    found = report.steps_of(tenant_id, _telegram_id(person), before=before, most=query.limit + 1)
    page = found[: query.limit]
    following = cursors.encode(page[-1].id) if len(found) > len(page) else None
    return StepPage(items=[StepAnswer.model_validate(step) for step in page], next=following).model_dump(mode="json")


def _question(tenant_id: str, query: DaysQuery) -> Question:
    """The days on the tenant's own calendar; raises PeriodRefused."""
    zone = ZoneInfo(settings.read_settings(tenant_id).settings.zone)
    today = _clock.now().astimezone(zone).date()
    days = report.days_of(query.since, query.until, last=query.days, unit=query.unit, today=today)
    return Question(days, query.unit, zone, str(query.bot) if query.bot else None)


def _telegram_id(text: str) -> int:
    """Telegram's number of a person: 52 bits (Bot API, User.id); raises PersonMissing for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) <= 16):
        raise PersonMissing("Your bots have not met this person.")
    return int(text)
