"""What holds for jobs whatever stores them or runs them: kinds, attempts, when to try again. Does no I/O."""
