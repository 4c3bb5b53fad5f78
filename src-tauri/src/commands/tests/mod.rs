//! The plain functions of the commands against a real till.
