"""What there is to do for each person: the list, its page, and a mail for it."""
