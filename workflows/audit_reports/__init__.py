"""Audit reports: what an audit came to, from its facts to the signed paper."""
