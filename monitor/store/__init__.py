"""The store: the only place that knows there is a database. Everything else sees values of the model."""

from monitor.store.engine import StoreError
from monitor.store.locks import refuse_second
from monitor.store.store import Store, Transaction

__all__ = ["Store", "StoreError", "Transaction", "refuse_second"]
