"""What eyelevel.parity makes of the records of a partnership: health, balances, the eye-level check."""
