"""What every draw of a panel goes through, whatever it is for, and what it does in the end; only acts call it."""
