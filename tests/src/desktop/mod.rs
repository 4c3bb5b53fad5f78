//! The real desk in a real window on a display of its own, driven as a person would.
//!
//! - [`screen`]: a virtual display with a window manager and a message bus; real keys and pictures.
//! - [`driver`]: WebKit's web driver, and the few words of its language that are needed.
//! - [`window`]: the desk's window: started, killed, started again.
//! - [`pages`]: what stands on the desk's screens, found by role and name. The one file that knows the screens' words.
//! - [`bank`]: the bank's window.
//! - [`books`]: the journal against the ledger.
//! - [`by_hand`]: the desk without a driver, real keys alone.
//! - [`hostile`]: a bank whose page attacks the desk.

pub mod backs;
pub mod bank;
pub mod books;
pub mod by_hand;
pub mod driver;
pub mod hostile;
pub mod pages;
pub mod process;
pub mod screen;
pub mod window;
