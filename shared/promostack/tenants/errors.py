"""What can be wrong with a tenant."""

from promostack.core.errors import NotFound


class TenantNotFound(NotFound):
    """No tenant has that slug or id."""

    code = "tenant_not_found"
