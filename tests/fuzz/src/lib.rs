#![doc = include_str!("../README.md")]

pub mod check;
pub mod engine;
pub mod exchange;
pub mod samples;
pub mod targets;
