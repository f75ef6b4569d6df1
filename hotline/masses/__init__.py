"""Mass matters: several workers with one claim, found early, decided on, followed each for each."""
