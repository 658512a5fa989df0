"""How files are kept: the store, sealing, archives and spools."""
