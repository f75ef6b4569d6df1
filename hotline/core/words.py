"""Texts that are written in one place and translated where they are shown."""


def N_(text: str) -> str:  # noqa: N802 - the name that gettext tools look for
    """Mark *text* for the catalogue; whoever shows it calls gettext."""
    return text
