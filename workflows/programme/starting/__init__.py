"""Starting room: what a lead answers, step by step, until the programme runs."""
