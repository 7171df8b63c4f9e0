"""Values and rules that every room may use: geometry, text, languages."""
