"""A Slack workspace on your own machine: Web API, Socket Mode, signed HTTP, files, modals, people and a clock.

It stands in for Slack in the demonstration and in the tests. It knows Slack and nothing of the apps that talk to it.
"""
