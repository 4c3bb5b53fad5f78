//! The desk's program; everything is in the library, where it can be tested.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

use vezne_memory::{WIPING_HEAP, WipingHeap};

/// Libraries copy what passes through them, a card on its way out too, and give it back as it is.
#[global_allocator]
static HEAP: WipingHeap = WIPING_HEAP;

fn main() -> std::process::ExitCode {
    vezne_desk::main()
}
