//! Plays a sale of every kind in the real desk, with real keys, and prints what is left of each card: on the disk, in
//! arguments and environments, and in the memory of every process (`scripts/leaks.sh`).

#[cfg(target_os = "linux")]
mod sales;
#[cfg(target_os = "linux")]
mod table;

#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
fn main() -> std::io::Result<()> {
    table::Table::open()?.fill()
}
