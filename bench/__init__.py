"""Measurements of `make bench`: our way and the usual way of the same job, side by side in one run."""
