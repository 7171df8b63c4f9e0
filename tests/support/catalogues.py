"""What a wall says, as its catalogues have it."""

from wallctl.config.po_file import catalogues
from wallctl.model.base.language import Language

CATALOGUES = catalogues()
ZH, EN = CATALOGUES[Language.CHINESE], CATALOGUES[Language.ENGLISH]
