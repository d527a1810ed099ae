//! What every way in has in common: the proof itself, the session, the browser, the letter.

use super::browser;
use super::slow::{ALERT_AT, Count, Slow};
use crate::contact::texting::OFF;
use crate::contact::{Dress, to_staff};
use crate::invitations::{From, source};
use crate::proofs::{self, Ceremonies, Hasher, Scene, rules};
use crate::provider;
use crate::sessions::{self, How};
use crate::staff;
use axum::http::{HeaderMap, HeaderValue};
use keep::{Entry, KeepError, Object, Outcome, Tx};
use policy::{Access, Act, Facts};
use std::sync::Arc;
use vocabulary::{Lang, PersonId, Principal, Secret, SessionId};
use web::mail::Mail;
use web::{Catalog, Ctx, Failure};

/// What was typed into the form for password and code.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
pub struct Typed {
    pub email: String,
    pub password: String,
    pub code: String,
    /// Where to go on.
    pub back: String,
}

/// What the page's script brings from the browser's passkey dialog.
#[derive(serde::Deserialize)]
pub struct Answered {
    pub ceremony: String,
    pub answer: String,
    #[serde(default)]
    pub back: String,
}

/// A proof that was believed, not yet spent.
pub enum Proof {
    Password {
        person: PersonId,
        step: i64,
    },
    Passkey(Box<proofs::Found>),
    /// What the provider calls them, and our own code where its word was not enough.
    Provider {
        person: PersonId,
        subject: Vec<u8>,
        step: Option<i64>,
    },
}

/// Why somebody stays outside. All but `Wait` read the same.
pub enum Outside {
    Wrong,
    Wait { seconds: i64 },
}

impl Proof {
    pub fn person(&self) -> PersonId {
        match self {
            Proof::Password { person, .. } | Proof::Provider { person, .. } => *person,
            Proof::Passkey(found) => found.person,
        }
    }

    pub fn how(&self) -> How {
        match self {
            Proof::Password { .. } => How::Password,
            Proof::Passkey(_) => How::Passkey,
            Proof::Provider { .. } => How::Provider,
        }
    }

    /// A code counts once, a passkey's counter moves on. `Conflict` when somebody was faster.
    pub async fn spend(&self, tx: &mut Tx) -> Result<(), KeepError> {
        match self {
            Proof::Password { person, step } => proofs::use_step(tx, *person, *step).await,
            Proof::Passkey(found) => proofs::used_passkey(tx, found).await,
            Proof::Provider { person, subject, step } => {
                if let Some(step) = step {
                    proofs::use_step(tx, *person, *step).await?;
                }
                provider::used(tx, *person, subject).await
            }
        }
    }
}

/// Password and code, both looked at whatever the other was. A name nobody has costs the same hash, the same
/// reading and the same entry, and gets the same answer.
pub async fn by_password(
    ctx: &Ctx,
    (from, headers): (&From, &HeaderMap),
    access: &Access,
    typed: &Typed,
) -> Result<Result<Proof, Outside>, Failure> {
    let name = proofs::name_index(&ctx.keep, &typed.email);
    let person = proofs::person_named(&mut *ctx.keep.read().await?, &name).await?;
    let tries = Tries::of(ctx, (name.clone(), person), (from, headers)).await?;
    let slow = ctx.plugged::<Slow>();
    if let Some(seconds) = slow.wait_s(&tries.all(), ctx.now) {
        return Ok(Err(Outside::Wait { seconds }));
    }
    // One look for all names: a look of its own would tell by its time which names there are.
    let mut view = ctx.keep.view(access, Object::of("login", "")).await?;
    let login = match person {
        Some(person) if is_active(&mut view, person).await? => {
            proofs::login(&mut view, access, person).await?
        }
        _ => None,
    };
    drop(view);
    let kept = login.as_ref().and_then(|login| login.password.clone());
    let password_right = ctx.plugged::<Hasher>().matches(&typed.password, kept).await?;
    let key = login.as_ref().and_then(|login| login.code_key.as_deref().cloned()).unwrap_or_default();
    let used = login.as_ref().map_or(0, |login| login.code_step);
    let step = rules::right_code(&key, &typed.code, used, ctx.now).filter(|_| !key.is_empty());
    match (person, password_right, step) {
        (Some(person), true, Some(step)) => {
            slow.right(&tries.all());
            Ok(Ok(Proof::Password { person, step }))
        }
        (_, password_right, _) => {
            let odd = password_right && rules::is_used_code(&key, &typed.code, used, ctx.now);
            let counts = if password_right { tries.all() } else { tries.whole };
            let times = slow.wrong(&counts, ctx.now);
            let why = match (odd, password_right) {
                (true, _) => USED,
                (false, true) => "code",
                (false, false) => "password",
            };
            wrong(ctx, person, why, times).await?;
            if odd {
                tell_once(ctx, (person, name));
            }
            Ok(Err(Outside::Wrong))
        }
    }
}

/// The code alone, for whoever the provider has named: the same counts as for a password with a wrong code.
pub async fn by_code(
    ctx: &Ctx,
    (from, headers): (&From, &HeaderMap),
    access: &Access,
    (person, typed): (PersonId, &str),
) -> Result<Result<i64, Outside>, Failure> {
    let mut view = ctx.keep.view(access, Object::of("login", "")).await?;
    let login = proofs::login(&mut view, access, person).await?.ok_or(Failure::NotFound)?;
    let active = is_active(&mut view, person).await?;
    drop(view);
    let name = proofs::name_index(&ctx.keep, login.email.reveal());
    let tries = Tries::of(ctx, (name.clone(), Some(person)), (from, headers)).await?;
    let slow = ctx.plugged::<Slow>();
    if let Some(seconds) = slow.wait_s(&tries.all(), ctx.now) {
        return Ok(Err(Outside::Wait { seconds }));
    }
    let key = login.code_key.as_deref().filter(|key| active && !key.is_empty());
    match key.and_then(|key| rules::right_code(key, typed, login.code_step, ctx.now)) {
        Some(step) => {
            slow.right(&tries.all());
            Ok(Ok(step))
        }
        None => {
            let odd = key.is_some_and(|key| rules::is_used_code(key, typed, login.code_step, ctx.now));
            let times = slow.wrong(&tries.all(), ctx.now);
            wrong(ctx, Some(person), if odd { USED } else { "code" }, times).await?;
            if odd {
                tell_once(ctx, (Some(person), name));
            }
            Ok(Err(Outside::Wrong))
        }
    }
}

/// The browser's answer, checked against the passkey it names.
pub async fn by_passkey(
    ctx: &Ctx,
    access: &Access,
    answered: &Answered,
) -> Result<Result<Proof, Outside>, Failure> {
    let answer = ctx.plugged::<Ceremonies>().answered(ctx.now, &answered.ceremony, &answered.answer)?;
    let index = proofs::credential_index(&ctx.keep, answer.credential());
    let mut view = ctx.keep.view(access, Object::of("login", "")).await?;
    let found = proofs::passkey(&mut view, access, index).await?;
    let active = match &found {
        Some(found) => is_active(&mut view, found.person).await?,
        None => false,
    };
    drop(view);
    let person = found.as_ref().map(|found| found.person);
    if let Some(mut found) = found.filter(|_| active)
        && answer.comes_from(scene(ctx), &mut found.passkey)?
    {
        return Ok(Ok(Proof::Passkey(Box::new(found))));
    }
    wrong(ctx, person, "passkey", 0).await?;
    Ok(Err(Outside::Wrong))
}

pub fn scene(ctx: &Ctx) -> Scene<'_> {
    let face = &ctx.settings.face;
    Scene { origin: &face.origin, practice: &face.name, now: ctx.now, entropy: ctx.keep.entropy() }
}

/// Begins the session and remembers the browser. The caller commits, then sets the cookies.
pub async fn let_in(
    ctx: &Ctx,
    tx: &mut Tx,
    access: &Access,
    headers: &HeaderMap,
    (person, how): (PersonId, How),
) -> Result<Vec<HeaderValue>, Failure> {
    if let Principal::Staff { session, .. } = ctx.who {
        sessions::end(tx, session).await?;
    }
    let started = sessions::start_staff(tx, &ctx.settings.house_rules, person, how).await?;
    let mut cookies = vec![started.cookie()];
    let token = browser::of(headers);
    let known = match &token {
        Some(token) => proofs::knows_browser(&ctx.keep, person, token).await?,
        None => false,
    };
    if !known {
        let token = token.unwrap_or_else(|| Secret::new(ctx.keep.entropy()));
        if proofs::remember_browser(tx, person, &token).await? {
            tell(ctx, tx, access, person, Mail::NewDevice { when: ctx.now }).await?;
        }
        cookies.push(browser::cookie(&token));
    }
    Ok(cookies)
}

/// A letter to a member of staff, in their language, if they have an address.
pub async fn tell(
    ctx: &Ctx,
    tx: &mut Tx,
    access: &Access,
    person: PersonId,
    mail: Mail<'_>,
) -> Result<(), Failure> {
    post_to(tx, access, person, mail, &ctx.site.catalog).await?;
    Ok(())
}

/// As [`tell`], from the program itself. Gives `false` when they have no address.
pub async fn post_to(
    tx: &mut Tx,
    access: &Access,
    person: PersonId,
    mail: Mail<'_>,
    catalog: &Arc<Catalog>,
) -> Result<bool, KeepError> {
    let Some(login) = proofs::login(tx, access, person).await? else { return Ok(false) };
    let lang = staff::load(tx, person).await?.map_or(Lang::default(), |person| person.lang);
    let (settings, words) = (tx.settings(), catalog.words(lang));
    let dress = Dress { face: &settings.face, words: &words, texting: &OFF };
    to_staff(tx, login.email.reveal(), mail, dress).await?;
    Ok(true)
}

/// A fresh proof inside a session. The token changes with it.
pub async fn again(
    ctx: &Ctx,
    access: &Access,
    session: SessionId,
    proof: &Proof,
) -> Result<HeaderValue, Failure> {
    let mut tx = ctx.keep.begin().await?;
    proof.spend(&mut tx).await?;
    let started = sessions::prove_again(&mut tx, session).await?;
    let entry = Entry::new(Object::of("session", session.text())).detail("method", proof.how().code());
    tx.commit(access, entry).await?;
    Ok(started.cookie())
}

/// Which counts a try adds to.
struct Tries {
    whole: Vec<Count>,
    half: Count,
}

impl Tries {
    async fn of(
        ctx: &Ctx,
        (name, person): (Vec<u8>, Option<PersonId>),
        (from, headers): (&From, &HeaderMap),
    ) -> Result<Tries, Failure> {
        let token = browser::of(headers);
        let known = match (person, &token) {
            (Some(person), Some(token)) => proofs::knows_browser(&ctx.keep, person, token).await?,
            _ => false,
        };
        let half = Count::Half { name: name.clone(), known };
        let whole = match token {
            Some(token) if known => vec![Count::Known { name, browser: token.bytes().to_vec() }],
            _ => {
                let here = Count::Here { name: name.clone(), from: source(from) };
                vec![here, Count::Strangers { name }]
            }
        };
        Ok(Tries { whole, half })
    }

    fn all(&self) -> Vec<Count> {
        self.whole.iter().cloned().chain([self.half.clone()]).collect()
    }
}

pub async fn is_active(conn: &mut keep::Conn, person: PersonId) -> Result<bool, KeepError> {
    Ok(staff::load(conn, person).await?.is_some_and(|person| person.state == staff::State::Active))
}

/// The entry of a try that failed. The letter to the account's owner goes out behind it, so that the answer
/// takes as long for a name that nobody has.
async fn wrong(ctx: &Ctx, person: Option<PersonId>, why: &str, times: u32) -> Result<(), Failure> {
    let object = Object::of("person", person.map_or_else(String::new, |person| person.text()));
    ctx.keep.refused(&ctx.who, Act::SignIn, object, why).await?;
    if let (Some(person), ALERT_AT) = (person, times) {
        alert(ctx, person, ("wrong tries", Mail::WrongTries { when: ctx.now }));
    }
    Ok(())
}

/// What the trail calls a code that had let somebody in before.
const USED: &str = "code used before";

/// A sequence that cannot be (R21): the owner hears of it the first time, and again after a quiet hour.
fn tell_once(ctx: &Ctx, (person, name): (Option<PersonId>, Vec<u8>)) {
    let first = ctx.plugged::<Slow>().wrong(&[Count::Odd { name }], ctx.now) == 1;
    if let Some(person) = person.filter(|_| first) {
        alert(ctx, person, (USED, Mail::CodeTwice { when: ctx.now }));
    }
}

/// Behind the answer, which takes as long for everybody.
fn alert(ctx: &Ctx, person: PersonId, (why, mail): (&'static str, Mail<'static>)) {
    let ctx = ctx.clone();
    tokio::spawn(async move {
        if let Err(error) = post_alert(&ctx, person, (why, mail)).await {
            tracing::warn!(code = error.code(), "a letter about a way in was not written");
        }
    });
}

async fn post_alert(ctx: &Ctx, person: PersonId, (why, mail): (&str, Mail<'static>)) -> Result<(), Failure> {
    let access = policy::decide(&ctx.who, &Facts::default(), Act::SignIn)?;
    let mut tx = ctx.keep.begin().await?;
    tell(ctx, &mut tx, &access, person, mail).await?;
    let entry = Entry::new(Object::of("person", person.text())).outcome(Outcome::Refused);
    tx.commit(&access, entry.detail("why", why).detail("alert", "letter")).await?;
    Ok(())
}
