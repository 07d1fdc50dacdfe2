"""What the HTML, CSS and plain text of a mail would load or lead to, each with its exact span."""
