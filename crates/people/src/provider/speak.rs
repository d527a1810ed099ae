//! What is said to the provider and what is believed of its answers.

use super::rules::{self, Claims, Expected, Untrue};
use super::{Asked, Provider, Purpose, Terms};
use crate::proofs::rules::percent;
use axum::body::Body;
use axum::http::{Request, header};
use base64::{Engine, engine::general_purpose::STANDARD};
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::sync::{Arc, PoisonError};
use vocabulary::{HOUR_MS, MINUTE_MS, SECOND_MS, UnixMillis};
use web::Ctx;
use web::fetch::{self, Server};

/// What a provider says of itself (OpenID Connect Discovery 1.0 section 3), and its keys.
pub(super) struct Known {
    about: About,
    keys: JwkSet,
    read_at: UnixMillis,
}

#[derive(Deserialize)]
struct About {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    end_session_endpoint: Option<String>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

/// What the browser brings back (RFC 6749 section 4.1.2, RFC 9207 section 2).
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Said {
    pub state: String,
    code: String,
    error: String,
    iss: Option<String>,
}

/// Why nobody came in. `code` stands in the trail, `why` in the log; neither names a person.
#[derive(Debug)]
pub(super) enum Fault {
    /// It does not answer, or not as the standard says.
    Silent(String),
    /// It answered that it will not, or the person turned back there.
    Declined,
    Untrue(&'static str),
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
}

impl From<Untrue> for Fault {
    fn from(untrue: Untrue) -> Fault {
        Fault::Untrue(untrue.code())
    }
}

impl Provider {
    /// Read again after an hour; `newer` asks for keys that were read after the last minute.
    pub(super) async fn known(
        &self,
        terms: &Terms,
        now: UnixMillis,
        newer: bool,
    ) -> Result<Arc<Known>, Fault> {
        let good_ms = if newer { MINUTE_MS } else { HOUR_MS };
        let is_good = |known: &Arc<Known>| now.since(known.read_at) < good_ms;
        if let Some(known) = self.had().filter(is_good) {
            return Ok(known);
        }
        let mut failed_at = self.asking.lock().await;
        if let Some(known) = self.had().filter(is_good) {
            return Ok(known);
        }
        if failed_at.is_some_and(|at| now.since(at) < REST_MS) {
            return Err(Fault::Silent("it failed a moment ago and is left alone".into()));
        }
        let read = self.read_about(terms, now).await;
        *failed_at = read.is_err().then_some(now);
        read
    }

    fn had(&self) -> Option<Arc<Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn read_about(&self, terms: &Terms, now: UnixMillis) -> Result<Arc<Known>, Fault> {
        let at = format!("{}/.well-known/openid-configuration", terms.issuer.trim_end_matches('/'));
        let about: About = read(terms, &at, Request::get(path_of(&at)).body(Body::empty())).await?;
        if about.issuer != terms.issuer {
            return Err(Fault::Untrue("issuer"));
        }
        // The browser is sent there with a password to be typed: the same rule as for our own questions.
        let sent_to = [Some(&about.authorization_endpoint), about.end_session_endpoint.as_ref()];
        for address in sent_to.into_iter().flatten() {
            fetch::check(address).map_err(Fault::Silent)?;
        }
        let keys = read(terms, &about.jwks_uri, Request::get(path_of(&about.jwks_uri)).body(Body::empty()));
        let known = Arc::new(Known { keys: keys.await?, about, read_at: now });
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(known.clone());
        Ok(known)
    }

    /// Where the browser goes to be asked.
    pub(super) async fn question(
        &self,
        ctx: &Ctx,
        terms: &Terms,
        (state, asked): (&str, &Asked),
    ) -> Result<String, Fault> {
        let known = self.known(terms, ctx.now, false).await?;
        let max_age = asked.purpose.max_age_s(ctx).to_string();
        let (back, challenge) = (back_to(ctx), rules::challenge(&asked.verifier));
        let mut pairs = vec![
            ("response_type", "code"),
            ("scope", "openid email"),
            ("client_id", &terms.client),
            ("redirect_uri", back.as_str()),
            ("state", state),
            ("nonce", &asked.nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
            ("max_age", &max_age),
        ];
        if let Purpose::Connect { .. } = asked.purpose {
            // On a shared machine somebody else may still be signed in there.
            pairs.push(("prompt", "login"));
        }
        Ok(address(&known.about.authorization_endpoint, &pairs))
    }

    /// Where the browser goes to be signed out there as well (OpenID Connect RP-Initiated Logout 1.0). Asks
    /// nobody: whoever signs out does not wait for a provider, and anybody may open that page.
    pub(super) fn way_out(&self, terms: &Terms) -> Option<String> {
        let known = self.had()?;
        Some(address(known.about.end_session_endpoint.as_deref()?, &[("client_id", &terms.client)]))
    }

    /// Exchanges the code and believes the token, or says why not.
    pub(super) async fn believe(
        &self,
        ctx: &Ctx,
        terms: &Terms,
        (asked, said): (&Asked, &Said),
    ) -> Result<Claims, Fault> {
        let known = self.known(terms, ctx.now, false).await?;
        match &said.iss {
            Some(issuer) if *issuer != terms.issuer => return Err(Fault::Untrue("answered by another")),
            None if known.about.authorization_response_iss_parameter_supported => {
                return Err(Fault::Untrue("answered by nobody"));
            }
            _ => {}
        }
        if !said.error.is_empty() || said.code.is_empty() {
            return Err(Fault::Declined);
        }
        let tokens: Tokens = self.exchange(ctx, terms, &known.about, (asked, said)).await?;
        let claims = self.signed(terms, ctx.now, &tokens.id_token).await?;
        let expected = Expected {
            issuer: &terms.issuer,
            client: &terms.client,
            nonce: &asked.nonce,
            max_age_s: asked.purpose.max_age_s(ctx),
        };
        rules::check(&claims, &expected, ctx.now)?;
        Ok(claims)
    }

    async fn exchange(
        &self,
        ctx: &Ctx,
        terms: &Terms,
        about: &About,
        (asked, said): (&Asked, &Said),
    ) -> Result<Tokens, Fault> {
        let mut body = form(&[
            ("grant_type", "authorization_code"),
            ("code", &said.code),
            ("redirect_uri", &back_to(ctx)),
            ("code_verifier", &asked.verifier),
        ]);
        let at = &about.token_endpoint;
        let mut request = Request::post(path_of(at))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, "application/json");
        let (client, secret) = (percent(&terms.client), percent(&terms.secret));
        // Absent means basic (Discovery section 3).
        let basic = |ways: &Vec<String>| ways.iter().any(|way| way == "client_secret_basic");
        if about.token_endpoint_auth_methods_supported.as_ref().is_none_or(basic) {
            let login = STANDARD.encode(format!("{client}:{secret}"));
            request = request.header(header::AUTHORIZATION, format!("Basic {login}"));
        } else {
            body.push_str(&format!("&client_id={client}&client_secret={secret}"));
        }
        read(terms, at, request.body(Body::from(body))).await
    }

    /// The claims of a token that one of the provider's published keys signed.
    async fn signed(&self, terms: &Terms, now: UnixMillis, token: &str) -> Result<Claims, Fault> {
        let head = decode_header(token).map_err(|_| Fault::Untrue("no token"))?;
        if !ALGORITHMS.contains(&head.alg) {
            return Err(Fault::Untrue("algorithm"));
        }
        let mut known = self.known(terms, now, false).await?;
        if key_for(&known.keys, head.kid.as_deref()).is_none() {
            known = self.known(terms, now, true).await?;
        }
        let key = key_for(&known.keys, head.kid.as_deref()).ok_or(Fault::Untrue("key"))?;
        let key = DecodingKey::from_jwk(key).map_err(|_| Fault::Untrue("key"))?;
        let mut signature_alone = Validation::new(head.alg);
        // Everything else is `rules::check`, by the practice's own clock.
        signature_alone.required_spec_claims.clear();
        (signature_alone.validate_exp, signature_alone.validate_aud) = (false, false);
        let read = decode::<Claims>(token, &key, &signature_alone);
        Ok(read.map_err(|_| Fault::Untrue("signature"))?.claims)
    }
}

/// One key without a name may go unnamed (OpenID Connect Core 1.0 section 10.1).
fn key_for<'a>(keys: &'a JwkSet, kid: Option<&str>) -> Option<&'a Jwk> {
    match (kid, keys.keys.as_slice()) {
        (Some(kid), _) => keys.find(kid),
        (None, [only]) => Some(only),
        (None, _) => None,
    }
}

async fn read<T: DeserializeOwned>(
    terms: &Terms,
    at: &str,
    request: Result<Request<Body>, axum::http::Error>,
) -> Result<T, Fault> {
    let request = request.map_err(|_| Fault::Silent(format!("{at} is no address")))?;
    let server = Server::at(at, terms.ca.as_deref()).map_err(Fault::Silent)?;
    let answer = server.send(request).await.map_err(Fault::Silent)?;
    if answer.status != 200 {
        return Err(Fault::Silent(format!("{at} answers {}", answer.status)));
    }
    serde_json::from_slice(&answer.body).map_err(|_| Fault::Silent(format!("{at} answers something else")))
}

impl Purpose {
    /// Whoever was asked there longer ago than a session here may idle is asked again: or one press would
    /// undo every automatic sign-out (R17). An account is connected only by whoever was asked just now.
    fn max_age_s(&self, ctx: &Ctx) -> i64 {
        match self {
            Purpose::SignIn { .. } => {
                crate::sessions::rules::Kind::Staff.idle_ms(&ctx.settings.house_rules) / SECOND_MS
            }
            Purpose::Connect { .. } => CONNECT_WITHIN_S,
        }
    }
}

fn back_to(ctx: &Ctx) -> String {
    format!("{}/sign-in/provider/back", ctx.settings.face.origin)
}

fn path_of(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.find('/').map_or("/", |at| &rest[at..])
}

fn address(endpoint: &str, pairs: &[(&str, &str)]) -> String {
    let joint = if endpoint.contains('?') { '&' } else { '?' };
    format!("{endpoint}{joint}{}", form(pairs))
}

fn form(pairs: &[(&str, &str)]) -> String {
    let each = pairs.iter().map(|(name, value)| format!("{name}={}", percent(value)));
    each.collect::<Vec<_>>().join("&")
}

/// A provider that failed is left alone so long.
const REST_MS: i64 = 30 * SECOND_MS;
const CONNECT_WITHIN_S: i64 = 5 * 60;

/// Signatures by a published key alone: never `none`, never one by the shared secret.
const ALGORITHMS: [Algorithm; 6] = [
    Algorithm::RS256,
    Algorithm::PS256,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::RS512,
    Algorithm::EdDSA,
];
