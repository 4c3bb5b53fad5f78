#![doc = include_str!("../README.md")]

pub mod customer;
pub mod desk;
#[cfg(target_os = "linux")]
pub mod desktop;
pub mod disk;
pub mod http;
#[cfg(target_os = "linux")]
pub mod kill;
pub mod leaks;
pub mod page;
pub mod printer;
pub mod relay;
pub mod run;
pub mod sale;
