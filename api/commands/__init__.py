"""The commands of `fahrten`: parse, call one operation, say in German what came out."""
