"""The program at work: its parts are built, kept turning, reloaded and stopped, and told what people change."""
