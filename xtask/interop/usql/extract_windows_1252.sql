SELECT id, word FROM western
