"""Does it all add up? Eight invariants asked all the time, and a record that shows tampering."""
