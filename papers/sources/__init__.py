"""The networks papers and tweets come from. Knows no models: it yields plain records."""
