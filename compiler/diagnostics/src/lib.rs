//! The table of codes, the Diagnostic value, its renderers and the explain texts.
