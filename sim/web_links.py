"""Links to web pages, which sources and estimates cite."""

from __future__ import annotations

from urllib.parse import urlsplit


def is_web_link(text: str) -> bool:
    """Return whether a text is an http or https link with a host, and has no spaces."""
    if any(character.isspace() for character in text):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False
