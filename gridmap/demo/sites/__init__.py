"""The five places as drawn by hand, a module each."""
