//! The desk's program; everything is in the library, where it can be tested.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

fn main() -> std::process::ExitCode {
    vezne_desk::main()
}
