"""Templates: their documents, versions and where they are shown."""
