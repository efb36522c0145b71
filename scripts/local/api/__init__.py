"""What each web function takes and answers, package by package; scripts/local/openapi.py makes the document of it."""
