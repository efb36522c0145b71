"""What a person is in a tenant; what each may do is promostack.auth.permissions.MATRIX."""

from typing import Literal

Role = Literal["owner", "admin", "member"]
