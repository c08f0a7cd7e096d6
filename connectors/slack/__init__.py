"""Slack: the desk where supporters are already. Queue cards, threads, modals, the home tab and the leads' channel."""
