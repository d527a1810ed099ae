//! Strangers and their packets.
