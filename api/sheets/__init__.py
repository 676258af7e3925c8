"""
The sheets that drivers carry: a manifest as PDF for the printer, as a page, and as JSON.

All three say the same; who is on a sheet was decided by `scheduler.manifest`. What changes on a
sheet that a driver already holds is an Änderungsblatt, a PDF of its own.
"""

from api.sheets.document import tourenblatt_json
from api.sheets.page import tourenblatt_html
from api.sheets.pdf import aenderungsblatt_pdf, tourenblatt_pdf, vorschau_pdf

__all__ = [
    "aenderungsblatt_pdf",
    "tourenblatt_html",
    "tourenblatt_json",
    "tourenblatt_pdf",
    "vorschau_pdf",
]
