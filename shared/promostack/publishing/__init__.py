"""Making pictures and putting them where everyone can fetch them."""
