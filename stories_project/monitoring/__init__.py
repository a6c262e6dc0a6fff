"""What an operator sees of the running site: logs, metrics, and errors sent to a service."""
