//! The one fault of the machine that an administrator must hear of before everybody does: the site's
//! certificate is about to end.

use vocabulary::UnixMillis;

/// Plugged into the site; `alcove` knows the certificate.
pub struct CertificateEnd(Box<dyn Fn(UnixMillis) -> Option<UnixMillis> + Send + Sync>);

impl CertificateEnd {
    /// `ends_soon` answers the end once somebody has to look.
    pub fn told_by(ends_soon: impl Fn(UnixMillis) -> Option<UnixMillis> + Send + Sync + 'static) -> Self {
        CertificateEnd(Box::new(ends_soon))
    }

    pub(super) fn soon(&self, now: UnixMillis) -> Option<UnixMillis> {
        (self.0)(now)
    }
}

/// Without TLS of its own the program has none to watch.
impl Default for CertificateEnd {
    fn default() -> Self {
        CertificateEnd::told_by(|_| None)
    }
}
