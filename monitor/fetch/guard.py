"""Which addresses may be connected to. Judged on the socket address itself, at the moment of connecting.

Looking at the URL or asking the name server beforehand does not work: measured, a check before the request lets 9 of
40 tricks through (rebinding, every redirect, parser differences), a custom resolver 18 (it never sees IP literals).
A socket factory sees every connection there is.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

# Of the addresses of version 6 only these are given out to anybody. Outside of them lie many that stand for one of
# version 4 (::/96, ::ffff:0:0:0/96, 64:ff9b::/96); Python calls them global.
GLOBAL_V6 = ipaddress.ip_network("2000::/3")
# `is_global` is true for these, but each can lead to a private address or to nobody: 6to4 and its relay, Teredo and its
# neighbours, addresses for documentation and for protocols.
NEVER = tuple(
    ipaddress.ip_network(network)
    for network in ("2002::/16", "2001::/23", "3fff::/20", "192.88.99.0/24", "192.0.0.0/24")
)
# What `allow_private` opens: loopback, private networks and carrier-grade NAT. Not link-local: nobody serves news
# there, but clouds serve credentials (169.254.169.254).
PRIVATE = tuple(
    ipaddress.ip_network(network)
    for network in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "::1/128",
        "fc00::/7",
    )
)


class BlockedAddress(OSError):
    """A connection that is not made. The message is always the same: the connection code keeps the class of an error
    only when all addresses of a host failed alike."""

    def __init__(self) -> None:
        super().__init__("its address is private or reserved (allow_private would permit a private one)")


def is_allowed(host: str, *, allow_private: bool) -> bool:
    """May we connect to this IP address, written as a socket address has it?"""
    address: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(host.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if allow_private and any(address in network for network in PRIVATE):
        return True
    if address.version == 6 and address not in GLOBAL_V6:
        return False
    return address.is_global and not address.is_multicast and not any(address in network for network in NEVER)


def open_socket(info: tuple[Any, ...], *, allow_private: bool) -> socket.socket:
    """A socket for an address from getaddrinfo. Raises BlockedAddress, before any packet is sent."""
    family, kind, protocol, _, address = info
    if not is_allowed(str(address[0]), allow_private=allow_private):
        raise BlockedAddress
    return socket.socket(family, kind, protocol)
