"""How often and what each caller may ask: rights, fair shares, rates."""
