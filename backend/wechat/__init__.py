"""The only door to WeChat: the gateway that asks it, the templates of our messages, the callback, a strict local WeChat."""
