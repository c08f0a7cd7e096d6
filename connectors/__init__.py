"""Where people write and read: each connector turns a platform into events and effects into the platform."""
