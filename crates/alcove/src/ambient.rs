//! The one real clock and the one real source of randomness.

use vocabulary::{Clock, Entropy, UnixMillis};

/// The machine's clock, or the same some time ahead: `alcove demo --days-later 3` shows what links, consents
/// and clocks look like by then.
#[derive(Default)]
pub struct SystemClock {
    pub ahead_ms: i64,
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the wall clock")]
    fn now(&self) -> UnixMillis {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        UnixMillis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX)).plus_ms(self.ahead_ms)
    }
}

pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, out: &mut [u8]) {
        aws_lc_rs::rand::fill(out).expect("the operating system gives randomness");
    }
}
