"""What a wall says, as its catalogues have it."""

from wallctl.files.catalogue_file import catalogues
from wallctl.model.language import Language

CATALOGUES = catalogues()
ZH, EN = CATALOGUES[Language.CHINESE], CATALOGUES[Language.ENGLISH]
