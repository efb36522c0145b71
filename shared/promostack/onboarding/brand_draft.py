"""A new template of the tenant's logo and two colours, as a draft."""

from promostack.core.clock import Clock
from promostack.db.uow import unit_of_work
from promostack.onboarding import first_template
from promostack.onboarding.first_template import Colours
from promostack.publishing import drafts
from promostack.publishing.drafts import Draft
from promostack.tenants import service as tenants
from promostack.tenants import standing
from promostack.tenants.audit import Actor


def create(tenant_id: str, *, slug: str, name: str, colours: Colours, actor: Actor, clock: Clock) -> Draft:
    """Raises ColoursRefused, TemplateExists and what `standing.check` raises."""
    with unit_of_work(tenant_id) as tx:  # who may not write is told so before anything else
        standing.check(tx, tenant_id, actor)
    document = first_template.document(tenants.get_tenant(tenant_id).name, colours)
    return drafts.create(tenant_id, {**document, "slug": slug, "name": name}, actor=actor, clock=clock)
