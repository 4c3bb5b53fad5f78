#![doc = include_str!("../README.md")]

pub mod customer;
pub mod desk;
#[cfg(target_os = "linux")]
pub mod desktop;
pub mod http;
pub mod leaks;
pub mod page;
pub mod run;
pub mod sale;
