# Words of crates/visit/src/before
