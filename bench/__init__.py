"""Measurements. Each prints its figures beside a limit measured in the same run, interleaved, on the same machine."""
