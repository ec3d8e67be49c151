//! Moves, regions and loans: ownership errors and ownership facts.
