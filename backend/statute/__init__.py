"""Both measures as data: what a legal officer edits, and a loader that refuses what the texts do not say."""
