"""The HDF5 format: conventions, the seal, files that are whole or not there."""
