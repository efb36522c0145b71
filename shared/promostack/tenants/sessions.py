"""What a signed-in person finds: who he is to us, his tenants, and the one he works in."""

from dataclasses import dataclass

from promostack.core import log
from promostack.core.errors import Unavailable
from promostack.db.sql import load
from promostack.db.uow import unit_of_work
from promostack.tenants import invitations, service
from promostack.tenants.errors import ForeignTenant
from promostack.tenants.invitations import Offer
from promostack.tenants.members import Contact, FindContact, Place, kept_name

_sql = load(__package__)
_log = log.get("tenants")


@dataclass(frozen=True)
class User:
    """A person; without an id before his first step here."""

    id: str | None
    email: str | None
    name: str


@dataclass(frozen=True)
class Session:
    """`current` is None while the person has no tenant; `offers` are places that tenants hold ready for his address."""

    user: User
    tenants: tuple[Place, ...]
    current: Place | None
    offers: tuple[Offer, ...] = ()


def read_session(user_id: str | None, *, wanted: str | None, find_contact: FindContact) -> Session:
    """The session in the tenant `wanted`, a slug or an id, or in the one last used; raises ForeignTenant.

    An address or a name that has changed at the identity provider is taken over. When they cannot be had just now, the
    known ones go on serving: they are shown, and grant nothing.
    """
    contact = _current(find_contact)
    if user_id is None:
        if wanted:
            raise ForeignTenant
        return Session(User(None, contact.email, contact.name), (), None, invitations.offers_for(contact.email))
    user, last_tenant_id = _refresh(user_id, contact)
    places = _places(user_id)
    return Session(user, places, _choose(places, wanted, last_tenant_id), invitations.offers_for(contact.email))


def choose_tenant(user_id: str | None, wanted: str, *, find_contact: FindContact) -> Session:
    """Makes one of the person's tenants the one last used; raises ForeignTenant."""
    session = read_session(user_id, wanted=wanted, find_contact=find_contact)
    assert session.current is not None  # `wanted` was found
    with unit_of_work(None, user_id=user_id) as tx:
        tx.run(_sql.set_last_tenant, user_id=user_id, tenant_id=session.current.tenant_id)
    return session


def _current(find_contact: FindContact) -> Contact:
    try:
        return find_contact()
    except Unavailable as error:
        _log.warning("contact_not_refreshed", code=error.code)
        return Contact(None)


def _refresh(user_id: str, contact: Contact) -> tuple[User, str | None]:
    """The stored person, with the newer address and name, and the tenant last used."""
    with unit_of_work(None, user_id=user_id) as tx:
        row = tx.row(_sql.find_person, user_id=user_id)
        if row is None:
            raise ForeignTenant  # removed between two statements of this call
        email, name = contact.email or row["email"], kept_name(contact.name) or row["name"]
        if (email, name) != (row["email"], row["name"]):
            tx.run(_sql.update_person, user_id=user_id, email=email, name=name)
    return User(user_id, email, name), row["last_tenant_id"]


def _places(user_id: str) -> tuple[Place, ...]:
    """The person's tenants by name. Each is read as that tenant: no rule of the database shows one beside another."""
    with unit_of_work(None) as tx:
        tenant_ids = [row["tenant_id"] for row in tx.rows(_sql.tenants_of_user, user_id=user_id)]
    found = []
    for tenant_id in tenant_ids:
        with unit_of_work(tenant_id, user_id=user_id) as tx:
            row = tx.row(_sql.find_place, tenant_id=tenant_id, user_id=user_id)
        if row is not None:
            found.append(Place(**row))
    return tuple(sorted(found, key=lambda place: (place.name.casefold(), place.slug)))


def _choose(places: tuple[Place, ...], wanted: str | None, last_tenant_id: str | None) -> Place | None:
    if wanted:
        named = service.choose(wanted, [place.tenant_id for place in places])
        chosen = next((place for place in places if place.tenant_id == named), None)
        if chosen is None:
            raise ForeignTenant
        return chosen
    # Like the access rule of a member: the one last used, else the first by id.
    last = next((place for place in places if place.tenant_id == last_tenant_id), None)
    return last or min(places, key=lambda place: place.tenant_id, default=None)
