//! The desk: the only code that knows Tauri. Its window asks through the commands in `commands/`, which ask the till;
//! the bank's pages stand in windows of their own (`bank/`) from which nothing of this can be reached.

pub mod bank;
pub mod commands;
pub mod ipc;
pub mod view;
