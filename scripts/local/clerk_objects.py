"""Clerk's JSON objects as clerk-js 6 and the Backend API's users read them; only the members that are looked at."""

from __future__ import annotations

from typing import Any

from scripts.local.clerk_people import Directory, Person, Session


def environment(proxy_url: str) -> dict[str, Any]:
    """The instance's settings. Its hosted pages are the simulator's own, below `proxy_url`."""
    home = proxy_url.removesuffix("/clerk") + "/"
    sign_in = f"{proxy_url}/sign-in"
    no_plans = {"enabled": False, "has_paid_plans": False}
    return {
        "object": "environment",
        "id": "env_local",
        "auth_config": {"object": "auth_config", "id": "aconf_local", "single_session_mode": True,
                        "claimed_at": None, "reverification": False},
        "display_config": {
            "object": "display_config", "id": "display_config_local", "instance_environment_type": "production",
            "application_name": "PromoStack", "branded": False, "support_email": "", "home_url": home,
            "sign_in_url": sign_in, "sign_up_url": sign_in, "user_profile_url": sign_in, "waitlist_url": "",
            "after_sign_in_url": home, "after_sign_up_url": home, "after_sign_out_all_url": home,
            "after_sign_out_one_url": home, "after_switch_session_url": home, "after_leave_organization_url": home,
            "preferred_sign_in_strategy": "otp", "theme": {}, "captcha_public_key": None, "captcha_provider": None,
            "show_devmode_warning": False,
        },
        "user_settings": {
            "attributes": {}, "social": {}, "saml": {"enabled": False}, "actions": {}, "enterprise_sso": {},
            "sign_in": {"second_factor": {"required": False}}, "sign_up": {"mode": "public"},
            "password_settings": {}, "passkey_settings": {}, "username_settings": {},
        },
        "organization_settings": {"enabled": False},
        "commerce_settings": {"billing": {"stripe_publishable_key": None, "organization": no_plans, "user": no_plans}},
        "api_keys_settings": {"enabled": False},
        "maintenance_mode": False,
    }  # fmt: skip


def user(person: Person) -> dict[str, Any]:
    """Both APIs' user."""
    first, _, last = person.name.partition(" ")
    address = {
        "object": "email_address", "id": f"idn_{person.subject}", "email_address": person.email, "linked_to": [],
        "verification": {"status": "verified" if person.is_verified else "unverified", "strategy": "email_code"},
    }  # fmt: skip
    return {
        "object": "user", "id": person.subject, "first_name": first, "last_name": last, "username": None,
        "primary_email_address_id": address["id"], "email_addresses": [address], "phone_numbers": [],
        "web3_wallets": [], "external_accounts": [], "enterprise_accounts": [], "passkeys": [],
        "organization_memberships": [], "image_url": "", "has_image": False, "password_enabled": False,
        "two_factor_enabled": False, "public_metadata": {}, "unsafe_metadata": {}, "banned": False, "locked": False,
    }  # fmt: skip


def session(directory: Directory, held: Session, *, party: str | None) -> dict[str, Any]:
    """A session with a fresh token."""
    person = directory.people[held.subject]
    return {
        "object": "session", "id": held.id, "status": "active" if held.is_active else "ended",
        "expire_at": _ms(held.expires_at), "abandon_at": _ms(held.expires_at), "last_active_at": _ms(held.created_at),
        "created_at": _ms(held.created_at), "updated_at": _ms(held.created_at), "actor": None, "tasks": None,
        "factor_verification_age": [0, -1], "last_active_organization_id": None, "user": user(person),
        "public_user_data": {"identifier": person.email, "first_name": person.name.partition(" ")[0],
                             "last_name": person.name.partition(" ")[2], "image_url": "", "has_image": False,
                             "user_id": person.subject},
        "last_active_token": {"object": "token",
                              "jwt": directory.token(held.subject, held.id, party=party, overrides={})},
    }  # fmt: skip


def client(directory: Directory, browser: str, *, party: str | None) -> dict[str, Any]:
    """What one browser knows: its sessions, the last one current."""
    held = directory.active_in(browser)
    return {
        "object": "client", "id": f"client_{browser[:12] or 'new'}", "sign_in": None, "sign_up": None,
        "sessions": [session(directory, each, party=party) for each in held],
        "last_active_session_id": held[-1].id if held else None, "cookie_expires_at": None,
        "created_at": _ms(held[-1].created_at) if held else 0, "updated_at": _ms(held[-1].created_at) if held else 0,
    }  # fmt: skip


def _ms(seconds: float) -> int:
    return int(seconds * 1000)
