# Words of crates/visit/src/after
