//! The names of attributes: rustc's built-in ones and rgo's own.

/// Whether there is an attribute of this name.
pub fn is_known_attribute(name: &str) -> bool {
    BUILT_IN.contains(&name) || OWN.contains(&name) || name.starts_with("rustc_")
}

/// Whether a name means an attribute of the language where nothing else has it.
pub(crate) fn names_built_in_attribute(name: &str) -> bool {
    (BUILT_IN.contains(&name) && name != "default") || UNSTABLE.contains(&name)
}

const BUILT_IN: &[&str] = &[
    "allow",
    "automatically_derived",
    "bench",
    "cfg",
    "cfg_attr",
    "cold",
    "crate_name",
    "crate_type",
    "debugger_visualizer",
    "default",
    "deny",
    "deprecated",
    "derive",
    "doc",
    "expect",
    "export_name",
    "feature",
    "forbid",
    "global_allocator",
    "ignore",
    "inline",
    "link",
    "link_name",
    "link_ordinal",
    "link_section",
    "macro_export",
    "macro_use",
    "must_use",
    "no_builtins",
    "no_core",
    "no_implicit_prelude",
    "no_link",
    "no_main",
    "no_mangle",
    "no_std",
    "non_exhaustive",
    "panic_handler",
    "path",
    "proc_macro",
    "proc_macro_attribute",
    "proc_macro_derive",
    "recursion_limit",
    "repr",
    "should_panic",
    "stable",
    "target_feature",
    "test",
    "track_caller",
    "type_length_limit",
    "unstable",
    "unsafe",
    "used",
    "warn",
    "windows_subsystem",
    "coverage",
    "global_asm",
    "instruction_set",
    "must_not_suspend",
];

/// Known to rustc, but not to be written.
const UNSTABLE: &[&str] = &[
    "cfi_encoding",
    "collapse_debuginfo",
    "ffi_const",
    "ffi_pure",
    "fundamental",
    "lang",
    "marker",
    "may_dangle",
    "naked",
    "optimize",
];

/// rgo's own.
const OWN: &[&str] = &["drops", "go", "lang", "each", "fn_pointers", "recycle", "no_alloc", "promotable", "variance"];
