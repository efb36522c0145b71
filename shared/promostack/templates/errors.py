"""What can be wrong with a template."""

from promostack.core.errors import NotFound


class TemplateNotFound(NotFound):
    """There is no such template, or it is not shown where it was asked for."""

    code = "template_not_found"
