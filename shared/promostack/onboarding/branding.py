"""From the logo to colours, and from colours to the first template in the gallery."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from promostack.core import log
from promostack.core.errors import Conflict, PromoError
from promostack.db.uow import Transaction, unit_of_work
from promostack.onboarding import first_template, progress
from promostack.onboarding.first_template import Colours
from promostack.publishing.ports import Reader
from promostack.templates.models import Published
from promostack.tenants import audit, settings, standing
from promostack.tenants.audit import Actor

_log = log.get("branding")


class StepOutOfOrder(Conflict):
    """Another step comes first."""

    code = "step_out_of_order"


class Publisher(Protocol):
    """Puts a template into the gallery."""

    def publish(
        self, tenant_id: str, document: Mapping[str, Any], *, first: Callable[[Transaction], None]
    ) -> Published:
        """Publishes a document after asking `first`; raises TemplateUnavailable and StoreUnavailable."""


class Branding:
    """`pictures` reads the public bucket, where the logo is."""

    def __init__(self, *, gallery: Publisher, pictures: Reader) -> None:
        self._gallery = gallery
        self._pictures = pictures

    def palettes(self, tenant_id: str) -> list[Colours]:
        """Readable pairs, those of the logo first; a logo that cannot be read now has none."""
        key = settings.read_settings(tenant_id).settings.logo_key
        return first_template.palettes(self._colours_of(key) if key else [])

    def make_template(self, tenant_id: str, colours: Colours, *, actor: Actor) -> Published:
        """Publishes the first template in these colours, anew in others; pictures that were made stay what they are.

        Raises StepOutOfOrder, ColoursRefused and what publishing raises.
        """
        with unit_of_work(tenant_id) as tx:
            standing.check(tx, tenant_id, actor)
        ahead = progress.read(tenant_id).next
        if ahead is not None and ahead.name in ("telegram", "codes"):
            raise StepOutOfOrder(f"First: {ahead.missing.title}." if ahead.missing else "Another step comes first.")
        tenant = settings.read_settings(tenant_id)

        def allowed(tx: Transaction) -> None:
            standing.check(tx, tenant_id, actor)
            audit.record(tx, tenant_id, actor, "template.published", target=first_template.SLUG)

        return self._gallery.publish(tenant_id, first_template.document(tenant.name, colours), first=allowed)

    def _colours_of(self, key: str) -> list[str]:
        from promostack.rendering.palette import main_colours

        try:
            return main_colours(self._pictures.get(key))
        except PromoError as error:
            _log.warning("logo_unread", key=key, error=error.code)
            return []
