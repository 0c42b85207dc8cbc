"""The rules of 首问负责, as pure Python: no Flask, no SQL, no clock of its own."""
