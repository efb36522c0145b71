"""The composition root: where a platform's event meets the services."""
