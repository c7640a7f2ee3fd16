"""What is known and what follows from it: journal, engine, rules, checks, and the graph on top."""
