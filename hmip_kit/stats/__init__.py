"""Arithmetic that needs no inspection: intervals, differences, sample sizes, possible counts.

    import hmip_kit as hk
    hk.stats.wilson(8, 42)
    hk.stats.possible_counts("43%", 42)

Shares and their bounds are in percent, differences in percentage points.
"""

from hmip_kit.framework import overall_rating
from hmip_kit.stats.differences import mean_difference, mid_p, newcombe, tango
from hmip_kit.stats.intervals import binomial_limits, left_open, wilson
from hmip_kit.stats.samples import beyond_chance, detectable, has_power, possible_counts

__all__ = [
    "beyond_chance",
    "binomial_limits",
    "detectable",
    "has_power",
    "left_open",
    "mean_difference",
    "mid_p",
    "newcombe",
    "overall_rating",
    "possible_counts",
    "tango",
    "wilson",
]
