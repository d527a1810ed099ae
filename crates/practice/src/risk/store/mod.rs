//! SQL of the tables `analysis`, `answer` and `risk`.

pub mod analyses;
pub mod answers;
pub mod risks;
