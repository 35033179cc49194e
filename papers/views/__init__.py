"""The pages: get or 404, one call, render."""
