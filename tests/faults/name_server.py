"""A name server for tests, on UDP: fixed answers, answers that change, no such name, and silence."""

from __future__ import annotations

import ipaddress
import socket
import struct
import threading

_A, _AAAA, _NO_SUCH_NAME = 1, 28, 3


class NameServer:
    """Answers on `address`:53. `names` maps a name to the lists of addresses of its successive answers (the last one
    stays); a name mapped to None gets no answer at all; any other name does not exist."""

    def __init__(self, names: dict[str, list[list[str]] | None], address: str = "127.0.0.1") -> None:
        self.names = names
        self._asked: dict[tuple[str, int], int] = {}
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((address, 53))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            query, client = self._socket.recvfrom(4096)
            if (answer := self._answer(query)) is not None:
                self._socket.sendto(answer, client)

    def _answer(self, query: bytes) -> bytes | None:
        labels, at = [], 12
        while query[at]:
            labels.append(query[at + 1 : at + 1 + query[at]].decode("ascii", "replace"))
            at += 1 + query[at]
        (kind,) = struct.unpack("!H", query[at + 1 : at + 3])
        question = query[12 : at + 5]
        name = ".".join(labels).lower()
        if name not in self.names:
            return query[:2] + struct.pack("!HHHHH", 0x8180 | _NO_SUCH_NAME, 1, 0, 0, 0) + question
        answers = self.names[name]
        if answers is None:
            return None
        turn = self._asked.get((name, kind), 0)
        self._asked[name, kind] = turn + 1
        found = [ipaddress.ip_address(address) for address in answers[min(turn, len(answers) - 1)]]
        records = [
            address.packed for address in found if (address.version == 4) == (kind == _A) and kind in (_A, _AAAA)
        ]
        body = b"".join(b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 0, len(data)) + data for data in records)
        return query[:2] + struct.pack("!HHHHH", 0x8180, 1, len(records), 0, 0) + question + body
