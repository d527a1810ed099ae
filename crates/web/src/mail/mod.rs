//! Letters that say nothing (R102).
