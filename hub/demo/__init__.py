"""The shipped demonstration: invented feeds, and the story they tell."""
