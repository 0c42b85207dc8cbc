"""The preview's own server: the built files, a door to the running backend, and what WeChat itself would do."""
