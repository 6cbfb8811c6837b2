"""Files that somebody might push to harm or to mislead, and what is answered to each: see README.md."""
