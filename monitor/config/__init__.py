"""What monitor.yaml and the environment say, read or refused with every problem at once."""
