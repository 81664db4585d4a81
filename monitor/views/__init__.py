"""What the commands show, read from the store: status, stories, why something was told, what a rule would say."""
