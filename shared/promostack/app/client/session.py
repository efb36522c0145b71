"""client/session: who is signed in, his tenants and those that invite him, the first one, the one he works in."""

from datetime import UTC, datetime
from typing import Any

from promostack.app.endpoint import Endpoint
from promostack.app.request import Reply, Request
from promostack.app.signed_in import person, visiting
from promostack.auth.models import Identity, Person
from promostack.auth.permissions import MATRIX, allows
from promostack.tenants import invitations, provisioning, sessions, visits
from promostack.tenants.audit import PLATFORM, Actor
from promostack.tenants.members import Contact
from promostack.tenants.schemas import (
    ChosenTenant,
    CurrentAnswer,
    NewTenant,
    OfferAnswer,
    PlaceAnswer,
    SessionAnswer,
    TenantMade,
    UserAnswer,
    VisitAnswer,
)
from promostack.tenants.visits import Visit

endpoint = Endpoint("client/session")


@endpoint.get(access=person())
def read_session(request: Request) -> dict[str, Any]:
    caller = request.caller_as(Person)
    if caller.visit is not None:
        return _told_visitor(caller.visit)
    wanted = request.headers.get("x-tenant")
    session = sessions.read_session(caller.user_id, wanted=wanted, find_contact=lambda: _contact_of(caller.identity))
    return _told(session)


@endpoint.post("tenant", access=person(), body=NewTenant)
def make_tenant(request: Request, body: NewTenant) -> Reply:
    identity = request.caller_as(Person).identity
    made = provisioning.provision(
        identity.subject,
        name=body.name,
        find_contact=lambda: _contact_of(identity),
        request_id=request.request_id,
    )
    answer = TenantMade(tenant=PlaceAnswer.model_validate(made.place))
    return Reply(answer.model_dump(mode="json"), 201 if made.is_new else 200)


@endpoint.put("current", access=person(), body=ChosenTenant)
def choose_tenant(request: Request, body: ChosenTenant) -> dict[str, Any]:
    caller = request.caller_as(Person)
    session = sessions.choose_tenant(caller.user_id, body.tenant, find_contact=lambda: _contact_of(caller.identity))
    return _told(session)


@endpoint.post("invitations/{tenant_id}/{invitation_id}", access=person())
def accept_invitation(request: Request, tenant_id: str, invitation_id: str) -> dict[str, Any]:
    identity = request.caller_as(Person).identity
    place = invitations.accept(
        identity.subject,
        tenant_id,
        invitation_id,
        find_contact=lambda: _contact_of(identity),
        request_id=request.request_id,
    )
    return TenantMade(tenant=PlaceAnswer.model_validate(place)).model_dump(mode="json")


@endpoint.delete("visit", access=visiting())
def end_visit(request: Request) -> Reply:
    visit = request.caller_as(Person).visit
    assert visit is not None  # the access rule lets nobody else in
    visits.end(visit, actor=Actor(f"{PLATFORM}{visit.admin}", request.request_id), now=datetime.now(UTC))
    return Reply(status=204)


def _told_visitor(visit: Visit) -> dict[str, Any]:
    """What the page needs to show a tenant to who only looks."""
    rights = [permission for permission in MATRIX if permission.endswith((".read", ".export"))]
    place = PlaceAnswer.model_validate(visit.place)
    return SessionAnswer(
        visit=VisitAnswer.model_validate(visit),
        user=UserAnswer(id=None, email=visit.admin, name=""),
        tenants=[place],
        current=CurrentAnswer(**place.model_dump(), permissions=[each for each in rights if each != "tenant.export"]),
        invitations=[],
    ).model_dump(mode="json")


def _contact_of(identity: Identity) -> Contact:
    """The address of the token's verified claim, else what the identity provider knows; never what a header says."""
    if identity.email is not None:
        return Contact(identity.email)
    from promostack.integrations import clerk

    known = clerk.account(identity.subject, now=datetime.now(UTC))
    return Contact(known.email, known.name)


def _told(session: sessions.Session) -> dict[str, Any]:
    current = None
    if place := session.current:
        rights = [permission for permission in MATRIX if allows(place.role, permission)]
        current = CurrentAnswer(**PlaceAnswer.model_validate(place).model_dump(), permissions=rights)
    return SessionAnswer(
        user=UserAnswer.model_validate(session.user),
        tenants=[PlaceAnswer.model_validate(place) for place in session.tenants],
        current=current,
        invitations=[OfferAnswer.model_validate(offer) for offer in session.offers],
    ).model_dump(mode="json")
