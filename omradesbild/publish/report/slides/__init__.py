"""What slides are made of: measures, texts and tables that fit, and the drawing of each slide."""
