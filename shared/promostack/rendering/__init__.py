"""Pictures from template documents: layout, drawing, encoding. The only importer of Pillow, HarfBuzz and FreeType."""
