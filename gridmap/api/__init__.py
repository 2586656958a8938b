"""The only HTTP: parse, call, render."""
