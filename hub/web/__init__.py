"""Pages for people: server-rendered, in three languages, complete without JavaScript."""
