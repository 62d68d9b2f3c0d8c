"""The colours and type of the platform, shared by charts and pages. Each text colour passes AA on each background."""

from dataclasses import dataclass

FONT = "Inter, 'Liberation Sans', Arial, sans-serif"


@dataclass(frozen=True, slots=True)
class Tokens:
    """One theme's colours; ``ramp`` runs from little to much, ``diverging`` through a neutral middle."""

    background: str
    surface: str
    sunken: str
    line: str
    line_strong: str
    text: str
    second: str
    third: str
    accent: str
    bad: str
    bad_soft: str
    categories: tuple[str, ...]
    ramp: tuple[str, ...]
    diverging: tuple[str, ...]


LIGHT = Tokens(
    background="#f7f8f8",
    surface="#ffffff",
    sunken="#eff1f2",
    line="#e1e5e6",
    line_strong="#c8cfd1",
    text="#14201f",
    second="#48575a",
    third="#5c6b6e",
    accent="#0a6e6a",
    bad="#b42430",
    bad_soft="#fce6e7",
    categories=("#0a6e6a", "#d9722a", "#4f63c6", "#b8405e", "#7f8f1f", "#8f5bb3", "#3a8fc4", "#8a6d52"),
    ramp=("#e3efee", "#8fbdba", "#0a6e6a"),
    diverging=("#b42430", "#eff1f2", "#0a6e6a"),
)

DARK = Tokens(
    background="#0e1415",
    surface="#141c1d",
    sunken="#0a0f10",
    line="#243031",
    line_strong="#374546",
    text="#e6eced",
    second="#aab8ba",
    third="#849699",
    accent="#41c3b7",
    bad="#f0808a",
    bad_soft="#351a1d",
    categories=("#41c3b7", "#f09a5c", "#8c9cf0", "#ee839d", "#b9c95a", "#c395e4", "#6fbbea", "#c2a585"),
    ramp=("#182b2a", "#2a7771", "#41c3b7"),
    diverging=("#f0808a", "#243031", "#41c3b7"),
)

THEMES = {"light": LIGHT, "dark": DARK}
