# The tag of the graph that `.#poag` holds. The runner and neighbours made by another poag refuse any other.
"poag.graph/1"
