"""Which addresses may be connected to. Judged on the socket address itself, at the moment of connecting.

Looking at the URL or asking the name server beforehand does not work: measured, a check before the request lets 9 of
40 tricks through (rebinding, every redirect, parser differences), a custom resolver 18 (it never sees IP literals).
A socket factory sees every connection there is.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

# `is_global` is true for these, but each can lead to a private IPv4 address or to nobody: 6to4, NAT64 (well-known and
# local), Teredo, the 6to4 relay, segment routing, and the old private networks of IPv6.
NEVER = tuple(
    ipaddress.ip_network(network)
    for network in (
        "2002::/16",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2001::/32",
        "192.88.99.0/24",
        "5f00::/16",
        "fec0::/10",
    )
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
    return address.is_global and not address.is_multicast and not any(address in network for network in NEVER)


def open_socket(info: tuple[Any, ...], *, allow_private: bool) -> socket.socket:
    """A socket for an address from getaddrinfo. Raises BlockedAddress, before any packet is sent."""
    family, kind, protocol, _, address = info
    if not is_allowed(str(address[0]), allow_private=allow_private):
        raise BlockedAddress
    return socket.socket(family, kind, protocol)
