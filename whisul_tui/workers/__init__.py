"""What lives as long as the program and belongs to no screen: sound, downloads, copying, notices of finished jobs."""
