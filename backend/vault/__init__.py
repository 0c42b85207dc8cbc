"""Encryption, keyed indexes, tokens, passwords, sealed blobs and the media cleaner.

This is the only package that imports ``cryptography``. It knows neither Flask nor the database.
"""
