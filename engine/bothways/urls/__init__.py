"""URLs: read the way a browser reads them, their click wrappers undone offline."""
