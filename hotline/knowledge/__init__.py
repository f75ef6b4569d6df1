"""What the hotline answers: articles with their law, approved by two, each version kept."""
