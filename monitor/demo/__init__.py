"""A small invented world of news sites on loopback, for `monitor demo`."""
