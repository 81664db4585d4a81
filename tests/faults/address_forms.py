"""Ways to write an address that must not be reached, by the row of the matrix they belong to."""

from __future__ import annotations

LOOPBACK = ("127.0.0.1", "127.0.0.2", "127.255.255.254", "0.0.0.0", "::1", "::")
RESERVED = (
    *("169.254.169.254", "169.254.0.1", "100.64.0.1", "100.127.255.254", "10.0.0.5", "10.255.255.255", "172.16.0.1"),
    *("172.31.255.254", "192.168.1.1", "192.168.255.255", "198.18.0.1", "192.0.0.1", "192.0.0.9", "192.0.2.1"),
    *("198.51.100.1", "203.0.113.1", "240.0.0.1", "255.255.255.255", "224.0.0.1", "fd00::5", "fd00:ec2::254"),
    *("fe80::1", "fec0::1", "ff02::1", "2001:db8::1", "3fff::1", "100::1"),
)
EMBEDDED = (
    *("::ffff:127.0.0.1", "::ffff:7f00:1", "0:0:0:0:0:ffff:7f00:0001", "::ffff:10.0.0.5", "::ffff:169.254.169.254"),
    *("::ffff:0:127.0.0.1", "::127.0.0.1", "::10.0.0.5", "64:ff9b::7f00:1", "64:ff9b::10.0.0.5", "64:ff9b:1::7f00:1"),
    *("2002:7f00:1::", "2002:a00:5::1", "2002:a9fe:a9fe::1", "2001::1", "2001:0:7f00:1::1", "5f00::1", "192.88.99.1"),
)
NUMBERS = (
    *("2130706433", "0177.0.0.1", "0x7f.0.0.1", "0x7f000001", "017700000001", "127.1", "127.0.1", "0", "0x0", "0.0"),
    *("0177.0.0.01", "0x7F.1", "3232235777", "0xA9FEA9FE", "2852039166", "0251.0376.0251.0376", "169.254.43518"),
    *("012.0.0.5", "10.5", "0x0a000005", "00.00.00.00", "127.000.000.001", "0300.0250.1.1"),
)
DISGUISES = (
    *("user@127.0.0.1", "pub.test@127.0.0.1", "127.0.0.1\\@pub.test", "127。0。0。1", "127．0．0．1", "127｡0｡0｡1"),
    *("①②⑦.⓪.⓪.①", "１２７.0.0.1", "𝟏𝟐𝟕.0.0.1", "localhost", "localhost.", "LOCALHOST", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "127.0.0.1."),
    *("sub.localhost", "localhost.localdomain", "ip6-localhost", "127%2e0%2e0%2e1", "[::1%25lo]", "[fe80::1%25lo]"),
    *("[::ffff:127.0.0.1]@127.0.0.1", "127.0.0.1:80:80", "a@b@127.0.0.1", "[0000::1]"),
)


def hosts() -> list[tuple[str, str]]:
    """(row, host as it stands in an address)."""

    def bracketed(address: str) -> str:
        return f"[{address}]" if ":" in address else address

    return [
        *(("F41", bracketed(address)) for address in LOOPBACK),
        *(("F42", number) for number in NUMBERS),
        *(("F43", bracketed(address)) for address in EMBEDDED),
        *(("F44", bracketed(address)) for address in RESERVED),
        *(("F49", disguise) for disguise in DISGUISES),
    ]


def answers() -> list[str]:
    """Addresses that a name server may answer with."""
    return [*LOOPBACK, *EMBEDDED, *RESERVED]
