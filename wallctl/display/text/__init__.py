"""Lines of text as pictures: fonts, scripts, directions."""
