"""Who is calling: identity comes only from verified claims."""
