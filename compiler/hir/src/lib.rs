//! Salsa inputs, items, names, signatures and bodies with source maps.
