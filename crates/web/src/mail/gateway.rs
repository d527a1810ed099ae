//! The practice's SMS gateway: one request over HTTP for each message.
//!
//! Sends JSON `{"id", "from", "to", "text"}` with `Authorization: Bearer` and, as `Idempotency-Key`, the id
//! of the message, so that one sent twice is one to its reader. Any 2xx has taken it; 408, 425, 429 and 5xx
//! say "later", any other "never" (RFC 9110 section 15). What a gateway says is never kept: it can quote a
//! number.

use crate::fetch::Server;
use axum::body::Body;
use axum::http::{Request, header};
use keep::outbox::NO_ANSWER;
use keep::{BoxFuture, Carrier, CarryError, Channel, Letter};
use std::path::PathBuf;
use vocabulary::JobId;
use zeroize::Zeroizing;

/// How to reach it. Holds a password, so it has no `Debug`.
pub struct GatewayConfig {
    /// Where messages are posted: https, or http on this machine.
    pub url: String,
    pub credential: Zeroizing<String>,
    /// The number or name that messages come from, as the gateway wants it.
    pub sender: String,
    /// Trust this authority alone (PEM) instead of those of this machine.
    pub ca: Option<PathBuf>,
}

pub struct GatewayCarrier {
    config: GatewayConfig,
    server: Server,
    path: String,
}

impl GatewayCarrier {
    /// The error is a sentence for the operator.
    pub fn new(config: GatewayConfig) -> Result<GatewayCarrier, String> {
        let server = Server::at(&config.url, config.ca.as_deref())?;
        let uri: axum::http::Uri = config.url.parse().map_err(|_| format!("{} is no address", config.url))?;
        let path = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        Ok(GatewayCarrier { config, server, path })
    }

    fn request(&self, job: JobId, letter: &Letter) -> Result<Request<Body>, CarryError> {
        let body = serde_json::json!({
            "id": job.text(), "from": self.config.sender, "to": letter.to, "text": letter.text,
        });
        Request::post(&self.path)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::AUTHORIZATION, format!("Bearer {}", self.config.credential.as_str()))
            .header("idempotency-key", job.text())
            .body(Body::from(body.to_string()))
            .map_err(|_| CarryError::Never("not_a_message"))
    }
}

impl Carrier for GatewayCarrier {
    fn carry<'a>(&'a self, job: JobId, letter: &'a Letter) -> BoxFuture<'a, Result<(), CarryError>> {
        Box::pin(async move {
            if letter.channel != Channel::Sms {
                return Err(CarryError::Never("no_mail"));
            }
            match self.server.send(self.request(job, letter)?).await.map(|answer| answer.status) {
                Ok(200..=299) => Ok(()),
                Ok(408 | 425 | 429 | 500..) => Err(CarryError::Later("not_now")),
                Ok(_) => Err(CarryError::Never("refused")),
                // It may have been taken all the same.
                Err(_) => Err(CarryError::Later(NO_ANSWER)),
            }
        })
    }
}
