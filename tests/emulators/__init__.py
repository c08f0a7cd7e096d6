"""What stands in for Telegram and Slack: emulators that nobody here wrote, and what makes them like the real ones."""
