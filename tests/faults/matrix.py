"""What can go wrong, one row each, and what must come of it. Run with `pytest -m fault`.

`expected` begins with the class that the poll of a feed ends with, where there is one; "A" says that what is good in
the answer is still alerted. `proofs` are tests that stand elsewhere, as file::test; the tests in this folder name their
rows themselves. A row without any test has a `reason`.
"""

from __future__ import annotations

from faults.row import Row
from faults.rows_of_the_host import DELIVERY, HOST
from faults.rows_of_the_web import ADDRESSES, FEEDS, FILES, PAGES, TRANSPORT, WORDS

ROWS: tuple[Row, ...] = (*TRANSPORT, *ADDRESSES, *FEEDS, *PAGES, *WORDS, *FILES, *DELIVERY, *HOST)
