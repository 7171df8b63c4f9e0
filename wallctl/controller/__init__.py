"""The wall's side: the loop, requests, status, reload, and the tree of processes."""
