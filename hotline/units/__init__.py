"""The regions, the tree of units that take matters on, and the rules that name one."""
