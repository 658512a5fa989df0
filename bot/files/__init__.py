"""Files that people bring to be read: within limits of time and memory, in a process of their own."""
