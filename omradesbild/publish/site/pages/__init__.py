"""The pages of the edition: what stands on each, made of the same blocks as the meeting documents."""
