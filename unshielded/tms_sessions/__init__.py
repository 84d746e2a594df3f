"""Virtual transcranial magnetic stimulation: protocols, electromyogram, measures, sessions."""
