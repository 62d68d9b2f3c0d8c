"""Text that any database takes and any reader bears."""


def plain(text: str, longest: int) -> str:
    """``text`` without what UTF-8 or PostgreSQL refuse (lone surrogates, NUL), cut at ``longest`` characters."""
    whole = text.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")
    return whole if len(whole) <= longest else f"{whole[: longest - 1]}…"
