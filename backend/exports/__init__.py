"""What leaves the system as a file: the ledger as a sheet of cells, as Word and as PDF.

Writers are given lines as `queries/ledger.py` reads them; they know neither the database nor Flask. What loads a heavy
library stands in a module that only a short-lived process imports (`printing.py`).
"""
