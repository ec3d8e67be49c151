//! The database, file loading, go.mod, check and compile; typed errors become diagnostics.
