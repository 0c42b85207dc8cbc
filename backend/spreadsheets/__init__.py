"""Spreadsheets that come in are read in a process of their own; the templates that offices fill in are written here."""
