//! Types, traits, inference, exhaustiveness and the typed tree (THIR).
