"""Files of the wall itself, who else could change a file, and what is wrong with one."""
