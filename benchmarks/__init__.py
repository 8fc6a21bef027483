"""Speed against peers, as ratios within one run (``make bench``). Absolute times depend on machine and noise."""
