"""Read models: what lists and pages show. Nothing here writes."""
