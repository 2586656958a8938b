"""The five places of the demonstration: generated, seeded, with their real numbers."""
