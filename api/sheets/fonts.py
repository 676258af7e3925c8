"""Where the fonts of the sheets are: in packages under .assets, so every machine prints alike."""

from pathlib import Path

ASSETS = Path(__file__).resolve().parents[2] / ".assets"
_PACKAGES = ("font_lato", "rinoh_typeface_dejavusans")


class FontsMissingError(RuntimeError):
    """The font packages are not installed; `make setup` does that."""


def font_folders(assets: Path = ASSETS) -> list[Path]:
    """
    Folders with Lato, and with DejaVu Sans for the letters that Lato lacks.

    Lato has Western European and Polish letters. Turkish, Czech, Romanian, Cyrillic, Greek,
    Arabic and Hebrew names are set in DejaVu Sans.
    """
    folders = [assets / package for package in _PACKAGES]
    missing = [folder.name for folder in folders if not folder.is_dir()]
    if missing:
        msg = f"No {' and no '.join(missing)} in {assets}: run `make setup`."
        raise FontsMissingError(msg)
    return folders
