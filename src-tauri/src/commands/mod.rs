//! One file a screen: parse, ask the till, return.
