//! rgo's tokens, grammar and syntax tree.
