"""Agency codes, document numbers and their neighbours, with their history."""
