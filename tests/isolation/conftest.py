"""The object store, as other tests of real services have it."""

from tests.integration.conftest import s3_address  # noqa: F401  # a fixture
