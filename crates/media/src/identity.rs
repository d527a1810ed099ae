//! The one DTLS certificate and the one cryptography provider of this process.
//!
//! Owns their making. A certificate per connection costs a key generation per join and gains nothing:
//! browsers learn its fingerprint from the answer, which comes over the authenticated page connection.

use std::io;
use std::sync::{Arc, OnceLock};

use str0m::config::DtlsCert;
use str0m::crypto::{CryptoProvider, from_feature_flags};

#[derive(Clone)]
pub struct Identity {
    pub provider: Arc<CryptoProvider>,
    pub certificate: DtlsCert,
}

impl Identity {
    /// The same one each time: made at the first call, kept in memory only.
    pub fn of_this_process() -> io::Result<Identity> {
        static IDENTITY: OnceLock<Option<Identity>> = OnceLock::new();
        IDENTITY
            .get_or_init(|| {
                let provider = from_feature_flags();
                let certificate = provider.dtls_provider.generate_certificate()?;
                Some(Identity { provider: Arc::new(provider), certificate })
            })
            .clone()
            .ok_or_else(|| io::Error::other("no DTLS certificate could be made for the media server"))
    }
}
