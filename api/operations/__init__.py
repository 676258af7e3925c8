"""One function per use case. Today's date, the time and the seed are known from here inwards."""
