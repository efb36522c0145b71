"""Who a limit counts: the caller's address, or its network."""

import ipaddress

from promostack.app.request import Request


def actor_of(request: Request) -> str:
    """`ip:203.0.113.9`; for IPv6 the /64 network, because one caller has all addresses of it."""
    try:
        address = ipaddress.ip_address(request.client_ip)
    except ValueError:
        return "ip:unknown"
    if address.version == 6 and address.ipv4_mapped is None:
        return f"ip:{ipaddress.ip_network((address, 64), strict=False).network_address}/64"
    return f"ip:{address.ipv4_mapped or address}" if address.version == 6 else f"ip:{address}"
