//! The standard library and the Go runtime, as embedded by the build script.

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// The files of the standard library: path (`stdlib/option.rgo`) and text, sorted.
pub fn stdlib() -> &'static [(&'static str, &'static str)] {
    STDLIB
}

/// The Go files of the runtime: path (`runtime-go/option.go`) and text, sorted.
pub fn runtime() -> &'static [(&'static str, &'static str)] {
    RUNTIME
}
