"""How amounts of money are written. No framework here."""


def yuan(fen: int | None) -> str:
    """Write an amount in yuan: `18,000.00`; `–` for none."""
    return "–" if fen is None else f"{fen / 100:,.2f}"
