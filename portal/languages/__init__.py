"""The words of the program in the reader's languages: found in the code, kept in `locale/`, compiled where the program starts."""
