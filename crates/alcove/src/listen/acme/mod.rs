//! A certificate that the program gets by itself and renews in time (RFC 8555), proving on the pages' own
//! port that this machine is the practice's (RFC 8737, TLS-ALPN).
//!
//! Owns `acme.json` (the account) and `certificate.pem` (certificate and key) in the data folder, both for
//! this account's eyes alone. The certificate in use stays until the next one is there. Refuses to try again
//! at once: each refusal doubles the pause.

mod advice;
#[cfg(test)]
mod tests;

use super::tls::{Files, Span, Tls};
use crate::ambient::SystemClock;
use crate::config::Acme;
use axum::body::{Body, Bytes};
use axum::http::{Request, Response, Uri};
use base64::{Engine, engine::general_purpose::STANDARD};
use instant_acme::{
    Account, AccountCredentials, AuthorizationStatus, BodyWrapper, BytesResponse, ChallengeType, Error,
    HttpClient, Identifier, NewAccount, NewOrder, Order, OrderStatus, RetryPolicy,
};
use rcgen::{CertificateParams, CustomExtension, KeyPair};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::PrivateKeyDer;
use rustls::sign::CertifiedKey;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use vocabulary::{Clock, HOUR_MS, MINUTE_MS, UnixMillis};
use web::fetch::Server;

/// Gets a certificate for one host and keeps it good.
pub struct Keeper {
    pub terms: Acme,
    pub host: String,
    /// The data folder.
    pub folder: PathBuf,
    pub tls: Arc<Tls>,
}

/// Where the certificate lies that an authority gave: one file, so that it never parts from its key.
pub fn files(folder: &Path, host: &str) -> Files {
    let both = folder.join("certificate.pem");
    Files { certificate: both.clone(), key: both, host: host.to_owned() }
}

/// How long until another certificate is asked for: a third of its life before its end, as authorities
/// advise. Without one, at once.
pub fn due_in_ms(span: Option<Span>, now: UnixMillis) -> i64 {
    span.map_or(0, |span| {
        let life = span.until.since(span.from);
        span.from.plus_ms(life - life / 3).since(now).max(0)
    })
}

/// Pause after so many refusals in a row. Authorities count failures by the hour: four in the first.
pub fn pause_ms(failures: u32) -> i64 {
    let doubled = (5 * MINUTE_MS) << failures.saturating_sub(1).min(10);
    doubled.min(12 * HOUR_MS)
}

impl Keeper {
    /// Goes on as long as the program.
    pub async fn run(self) {
        let clock = SystemClock::default();
        let mut failures = 0;
        loop {
            let wait_ms = match due_in_ms(self.tls.span(), clock.now()) {
                0 => match self.renew().await {
                    Ok(()) => {
                        failures = 0;
                        tracing::info!(host = self.host, "a new certificate is shown from now on");
                        LOOK_AGAIN_MS
                    }
                    Err(why) => {
                        failures += 1;
                        let minutes = pause_ms(failures) / MINUTE_MS;
                        tracing::error!(%why, minutes, "no new certificate; the next try is after the pause");
                        pause_ms(failures)
                    }
                },
                later => later.min(LOOK_AGAIN_MS),
            };
            tokio::time::sleep(Duration::from_millis(wait_ms.unsigned_abs())).await;
        }
    }

    /// One order, from the account to the certificate in use. The error is a sentence for the operator.
    pub async fn renew(&self) -> Result<(), String> {
        let account = self.account().await?;
        let told = |error: Error| self.in_words(&error);
        let names = [Identifier::Dns(self.host.clone())];
        let mut order = account.new_order(&NewOrder::new(&names)).await.map_err(told)?;
        let _shown = Showing(&self.tls);
        let mut asked = order.authorizations();
        while let Some(one) = asked.next().await {
            let mut one = one.map_err(told)?;
            if one.status == AuthorizationStatus::Valid {
                continue;
            }
            let none = "the authority does not ask by TLS-ALPN (RFC 8737): choose another `directory`";
            let mut challenge = one.challenge(ChallengeType::TlsAlpn01).ok_or(none)?;
            let answer = self.answer(challenge.key_authorization().digest().as_ref())?;
            self.tls.answer_challenge(Some(answer));
            challenge.set_ready().await.map_err(told)?;
        }
        match order.poll_ready(&patience()).await.map_err(told)? {
            OrderStatus::Ready | OrderStatus::Valid => {}
            _ => return Err(self.why_not(&mut order).await),
        }
        let key = KeyPair::generate().map_err(in_words)?;
        let request = CertificateParams::new([self.host.clone()]).map_err(in_words)?;
        let request = request.serialize_request(&key).map_err(in_words)?;
        order.finalize_csr(request.der()).await.map_err(told)?;
        let chain = order.poll_certificate(&patience()).await.map_err(told)?;
        let both = format!("{}{chain}", pem("PRIVATE KEY", &key.serialize_der()));
        self.put("certificate.pem", both.as_bytes())?;
        self.tls.look_again().map_err(in_words).map(|_| ())
    }

    /// The account of an earlier time, or a new one.
    async fn account(&self) -> Result<Account, String> {
        let file = self.folder.join(ACCOUNT);
        let builder = || Account::builder_with_http(Box::new(Outward { root: self.terms.root.clone() }));
        if let Ok(text) = std::fs::read(&file)
            && let Ok(credentials) = serde_json::from_slice::<AccountCredentials>(&text)
            && self.is_of_this_directory(&text)
        {
            return builder().from_credentials(credentials).await.map_err(|error| self.in_words(&error));
        }
        let contact = self.terms.contact.as_ref().map(|address| format!("mailto:{address}"));
        let contact: Vec<&str> = contact.iter().map(String::as_str).collect();
        let new =
            NewAccount { contact: &contact, terms_of_service_agreed: true, only_return_existing: false };
        let made = builder().create(&new, self.terms.directory.clone(), None).await;
        let (account, credentials) = made.map_err(|error| self.in_words(&error))?;
        self.put(ACCOUNT, &serde_json::to_vec(&credentials).map_err(in_words)?)?;
        Ok(account)
    }

    fn is_of_this_directory(&self, text: &[u8]) -> bool {
        let read = serde_json::from_slice::<serde_json::Value>(text).unwrap_or_default();
        read["directory"] == self.terms.directory.as_str()
    }

    /// The certificate that says "this machine, for this order" (RFC 8737 section 3).
    fn answer(&self, digest: &[u8]) -> Result<Arc<CertifiedKey>, String> {
        let key = KeyPair::generate().map_err(in_words)?;
        let mut says = CertificateParams::new([self.host.clone()]).map_err(in_words)?;
        says.custom_extensions = vec![CustomExtension::new_acme_identifier(digest)];
        let certificate = says.self_signed(&key).map_err(in_words)?;
        let secret = PrivateKeyDer::try_from(key.serialize_der()).map_err(in_words)?;
        let signing = aws_lc_rs::sign::any_supported_type(&secret).map_err(in_words)?;
        Ok(Arc::new(CertifiedKey::new(vec![certificate.der().clone()], signing)))
    }

    async fn why_not(&self, order: &mut Order) -> String {
        let mut asked = order.authorizations();
        while let Some(Ok(mut one)) = asked.next().await {
            if let Ok(state) = one.refresh().await
                && let Some(problem) = state.challenges.iter().find_map(|challenge| challenge.error.as_ref())
            {
                return advice::of(problem, &self.host);
            }
        }
        format!("the authority refused the order for {} and does not say why", self.host)
    }

    fn in_words(&self, error: &Error) -> String {
        match error {
            Error::Api(problem) => {
                // An authority that was set up anew knows nobody: the next try makes another account.
                if advice::kind(problem) == "accountDoesNotExist" {
                    let _ = std::fs::remove_file(self.folder.join(ACCOUNT));
                }
                advice::of(problem, &self.host)
            }
            Error::Timeout(_) => "the authority took too long to look at this machine".into(),
            other => format!("[tls] acme: directory {}: {other}", self.terms.directory),
        }
    }

    /// Whole or not at all, and for nobody else to read.
    fn put(&self, name: &str, text: &[u8]) -> Result<(), String> {
        let (file, next) = (self.folder.join(name), self.folder.join(format!("{name}.next")));
        let _ = std::fs::remove_file(&next);
        let written = std::fs::File::options().write(true).create_new(true).mode(0o600).open(&next).and_then(
            |mut open| {
                open.write_all(text)?;
                open.sync_all()
            },
        );
        written
            .and_then(|()| std::fs::rename(&next, &file))
            .map_err(|why| format!("{} cannot be written: {why}", file.display()))
    }
}

/// Takes the answer away again, however the order ends.
struct Showing<'a>(&'a Tls);

impl Drop for Showing<'_> {
    fn drop(&mut self) {
        self.0.answer_challenge(None);
    }
}

/// The program's own way of asking other servers, for the library.
struct Outward {
    root: Option<PathBuf>,
}

impl HttpClient for Outward {
    fn request(
        &self,
        request: Request<BodyWrapper<Bytes>>,
    ) -> Pin<Box<dyn Future<Output = Result<BytesResponse, Error>> + Send>> {
        let root = self.root.clone();
        Box::pin(
            async move { exchange(request, root.as_deref()).await.map_err(|why| Error::Other(why.into())) },
        )
    }
}

async fn exchange(
    mut request: Request<BodyWrapper<Bytes>>,
    root: Option<&Path>,
) -> Result<BytesResponse, String> {
    let server = Server::at(&request.uri().to_string(), root)?;
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    *request.uri_mut() = path.parse::<Uri>().map_err(in_words)?;
    let answer = server.send(request.map(Body::new)).await?;
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = answer.status.try_into().map_err(in_words)?;
    *response.headers_mut() = answer.headers;
    Ok(response.into())
}

/// RFC 7468.
fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<&str> = text.as_bytes().chunks(64).map(|it| str::from_utf8(it).unwrap_or("")).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

fn patience() -> RetryPolicy {
    RetryPolicy::new().timeout(ORDER_WITHIN)
}

fn in_words(why: impl std::fmt::Display) -> String {
    why.to_string()
}

const ACCOUNT: &str = "acme.json";
const ORDER_WITHIN: Duration = Duration::from_secs(90);
const LOOK_AGAIN_MS: i64 = HOUR_MS;
