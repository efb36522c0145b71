"""The seed templates' designs. Each module has NAME, FIELDS and `layers(shape)`; build_templates.py writes the JSON."""
