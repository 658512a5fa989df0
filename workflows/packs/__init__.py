"""Evidence room: the audit pack, which an auditor can check without trusting us."""
