"""A shared mesh as AWS has it: who is let in, what each account built, what sharing needs."""
