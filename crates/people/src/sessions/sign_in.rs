//! Who asks: the cookie that the path calls for, looked up and judged by the clock.

use super::cookies::Jar;
use super::rules::{Kind, is_fresh, left_ms, wants_mark};
use super::store::{self, Session, TOKEN_INDEX};
use crate::patients::Names;
use axum::http::HeaderMap;
use keep::{Keep, KeepError};
use std::sync::Arc;
use vocabulary::{Principal, Secret, SessionId};
use web::{BoxFuture, Failure, Found, SignIn};

/// On what a page asks for by itself, without anybody there: it keeps no session alive.
const BACKGROUND: &str = "alcove-background";

/// `web`'s question answered from the table `session`.
pub struct CookieSignIn {
    keep: Keep,
    names: Arc<Names>,
}

impl CookieSignIn {
    pub fn new(keep: Keep, names: Arc<Names>) -> CookieSignIn {
        CookieSignIn { keep, names }
    }

    async fn find(&self, headers: &HeaderMap, path: &str) -> Result<Found, KeepError> {
        let Some(jar) = Jar::of(path) else { return Ok(self.nobody()) };
        let Some(token) = jar.token(headers) else { return Ok(self.nobody()) };
        let Some(session) = alive(&self.keep, &jar, &token).await? else { return Ok(self.nobody()) };
        let Some(who) = session.principal() else { return Ok(self.nobody()) };
        let now = self.keep.clock().now();
        let background = headers.contains_key(BACKGROUND);
        let mut life = session.life(&self.keep);
        let house = &self.keep.settings().house_rules;
        if !background && wants_mark(session.kind, &life, house, now) {
            touch(&self.keep, &[session.id]).await?;
            life.last_seen = now;
        }
        // Before the second fact nothing of the record shows, its language neither.
        let lang = session.lang.filter(|_| !matches!(who, Principal::Guest { known: false, .. }));
        let name = session.person.and_then(|person| self.names.staff(person));
        Ok(Found {
            who,
            shown_name: name.map(|name| name.reveal().to_owned()),
            lang,
            form_key: self.form_key(&token.reveal()),
            fresh: is_fresh(session.proved, now),
            left_ms: left_ms(session.kind, &life, &self.keep.settings().house_rules, now),
        })
    }

    fn nobody(&self) -> Found {
        let form_key = self.form_key("nobody");
        Found { who: Principal::Anonymous, shown_name: None, lang: None, form_key, fresh: false, left_ms: 0 }
    }

    fn form_key(&self, of: &str) -> [u8; 32] {
        let key = self.keep.blind("session", "form_key", of);
        key.try_into().expect("HMAC-SHA-256 gives 32 bytes")
    }
}

impl SignIn for CookieSignIn {
    fn who<'a>(&'a self, headers: &'a HeaderMap, path: &'a str) -> BoxFuture<'a, Result<Found, Failure>> {
        Box::pin(async move { Ok(self.find(headers, path).await?) })
    }
}

/// Activity: a page, or a lobby or room socket that is open (R17: idle never cuts a live visit). State and no
/// act, so the trail hears nothing of it. Callers keep to `rules::SEEN_EVERY_MS`: each call is a commit.
pub async fn touch(keep: &Keep, sessions: &[SessionId]) -> Result<(), KeepError> {
    let rows: Vec<String> = sessions.iter().map(|session| session.text()).collect();
    keep.alive("session", "last_seen_at", &rows).await
}

/// The session behind a token, if the jar is its own and it still lives.
async fn alive(keep: &Keep, jar: &Jar, token: &Secret) -> Result<Option<Session>, KeepError> {
    let index = keep.blind(TOKEN_INDEX.0, TOKEN_INDEX.1, &token.reveal());
    let found = store::by_token(&mut *keep.read().await?, index).await?;
    let now = keep.clock().now();
    Ok(found.filter(|session| session.belongs_in(jar) && session.is_alive(keep, now)))
}

impl Session {
    /// A token is worth nothing in another cookie than the one it was issued in.
    fn belongs_in(&self, jar: &Jar) -> bool {
        match jar {
            Jar::Staff => self.kind == Kind::Staff,
            Jar::Patient => matches!(self.kind, Kind::Patient | Kind::Representative),
            Jar::Guest(door) => self.kind == Kind::Guest && self.door.as_ref() == Some(door),
        }
    }
}
