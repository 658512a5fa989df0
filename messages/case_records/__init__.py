"""Case records: one case as a paper that is read without asking anybody, and the register in figures and as a file."""
