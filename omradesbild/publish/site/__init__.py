"""The public read-only edition: static files for any web server, readable without JavaScript and from a disk."""
