"""Partner matching for cities: the adapter to ``eyelevel.matching``, presets, fair lists, pair analyses."""
