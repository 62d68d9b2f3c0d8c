"""What is wrong with a set-up and how to mend it. Only looks: makes, migrates and mends nothing. Refuses to tell secrets."""
