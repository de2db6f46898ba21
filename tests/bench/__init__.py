"""What script/bench measures, and the clients that it measures with."""
