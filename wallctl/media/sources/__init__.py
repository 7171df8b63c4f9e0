"""What gives pictures: cameras, files, web servers, test patterns."""
