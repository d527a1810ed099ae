//! Time and randomness as arguments. The core logic never reads either for itself.

use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00:00Z, leap seconds ignored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnixMillis(pub i64);

impl UnixMillis {
    /// Saturates at the ends of time instead of panicking.
    pub fn plus_ms(self, ms: i64) -> UnixMillis {
        UnixMillis(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to here; negative when `earlier` is later.
    pub fn since(self, earlier: UnixMillis) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// Wall-clock time. The one real implementation lives in the binary.
pub trait Clock: Send + Sync {
    fn now(&self) -> UnixMillis;
}

/// Cryptographically secure randomness. The one real implementation lives in the binary.
pub trait Entropy: Send + Sync {
    fn fill(&self, out: &mut [u8]);
}
