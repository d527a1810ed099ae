//! The way to the provider and back, our own code where the provider asked for a password alone, and the
//! press that connects an account.

use super::speak::{Fault, Said};
use super::{Asked, Provider, Purpose, Stage, Terms, rules, store};
use crate::account::oneself;
use crate::invitations::{From, Limits};
use crate::proofs::{self, Having};
use crate::sign_in::{self, Empty, Proof, browser};
use askama::Template;
use axum::extract::Query;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use keep::{Entry, KeepError, Object};
use policy::{Access, Act, Facts};
use serde::Deserialize;
use vocabulary::{PersonId, Principal, Secret};
use web::mail::Mail;
use web::{Ctx, Failure, Faults, Form, Page, filters};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    back: String,
}

#[derive(Deserialize)]
pub(super) struct Typed {
    half: String,
    code: String,
}

#[derive(Deserialize)]
pub(super) struct Pressed {
    named: String,
}

/// What the sign-in page's button says, while the provider may be used.
pub(crate) async fn at_the_door(ctx: &Ctx) -> Result<Option<String>, Failure> {
    let provider = ctx.plugged::<Provider>();
    Ok(provider.offered(ctx).await?.map(|terms| terms.name.clone()))
}

/// Where somebody who came by the provider is signed out there as well.
pub(crate) async fn way_out(ctx: &Ctx) -> Result<Option<(String, String)>, Failure> {
    let provider = ctx.plugged::<Provider>();
    let Some(terms) = provider.offered(ctx).await? else { return Ok(None) };
    Ok(provider.way_out(terms).map(|address| (terms.name.clone(), address)))
}

pub(super) async fn go(
    ctx: Ctx,
    from: From,
    headers: HeaderMap,
    Query(wish): Query<Wish>,
) -> Result<Response, Failure> {
    ctx.plugged::<Limits>().take(&from, ctx.now)?;
    terms_of(&ctx.plugged::<Provider>(), &ctx).await?;
    let back = sign_in::own(&wish.back);
    // Whoever is in stays in: a new session in place of theirs would cut off the visit they hold (R17).
    if let Principal::Staff { .. } = ctx.who {
        return Ok(web::see_other(&back));
    }
    if !is_own_press(&headers) {
        return Ok(web::see_other("/sign-in"));
    }
    ask(&ctx, &headers, Purpose::SignIn { back }).await
}

pub(super) async fn connect(ctx: Ctx, headers: HeaderMap) -> Result<Response, Failure> {
    ctx.decide(Act::ChangeOwnProofs, &Facts::default()).await?;
    let (person, session) = oneself(&ctx)?;
    if !is_own_press(&headers) {
        return Ok(web::see_other("/me"));
    }
    ask(&ctx, &headers, Purpose::Connect { person, session }).await
}

/// A page of ours sent the browser here, as far as it says (Fetch Metadata, `Sec-Fetch-Site`).
fn is_own_press(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_none_or(|site| site == "same-origin")
}

/// Sends the browser to the provider. A GET on purpose: our pages let no form end at another site.
async fn ask(ctx: &Ctx, headers: &HeaderMap, purpose: Purpose) -> Result<Response, Failure> {
    let provider = ctx.plugged::<Provider>();
    let terms = terms_of(&provider, ctx).await?;
    let entropy = ctx.keep.entropy();
    let known = browser::of(headers);
    let browser = known.clone().unwrap_or_else(|| Secret::new(entropy));
    let [nonce, verifier] = [(); 2].map(|()| Secret::new(entropy).reveal());
    let asked = || Asked {
        browser: browser.clone(),
        nonce: nonce.clone(),
        verifier: verifier.clone(),
        purpose: purpose.clone(),
    };
    let state = provider.open.put(ctx.now, entropy, Stage::Asked(asked()));
    let question = provider.question(ctx, terms, (&state, &asked())).await;
    let address = match question {
        Ok(address) => address,
        Err(fault) => return Err(told(&fault)),
    };
    let mut response = Redirect::to(&address).into_response();
    if known.is_none() {
        response.headers_mut().append(header::SET_COOKIE, browser::cookie(&browser));
    }
    Ok(response)
}

pub(super) async fn back(
    ctx: Ctx,
    from: From,
    headers: HeaderMap,
    Query(said): Query<Said>,
) -> Result<Response, Failure> {
    ctx.plugged::<Limits>().take(&from, ctx.now)?;
    let provider = ctx.plugged::<Provider>();
    let terms = terms_of(&provider, &ctx).await?;
    let asked = match provider.open.take(ctx.now, &said.state) {
        Some(Stage::Asked(asked)) if is_same(&asked.browser, browser::of(&headers)) => asked,
        _ => return Err(Failure::told(StatusCode::GONE, "provider-late")),
    };
    let act = match asked.purpose {
        Purpose::SignIn { .. } => Act::SignIn,
        Purpose::Connect { .. } => Act::ChangeOwnProofs,
    };
    let access = match ctx.decide(act, &Facts::default()).await {
        // The proof of a moment ago grew old at the provider: asked once more, and then from the start.
        Err(Failure::ProveAgain) if act == Act::ChangeOwnProofs => {
            return Ok(web::see_other("/sign-in/again?back=/me/provider"));
        }
        decided => decided?,
    };
    let claims = match provider.believe(&ctx, terms, (&asked, &said)).await {
        Ok(claims) => claims,
        Err(fault) => {
            ctx.keep.refused(&ctx.who, act, Object::of("person", ""), fault.code()).await?;
            return Err(told(&fault));
        }
    };
    let subject = store::index(&ctx.keep, &rules::subject(&claims.iss, &claims.sub));
    match asked.purpose {
        Purpose::Connect { person, session } => {
            if oneself(&ctx)? != (person, session) {
                return Err(Failure::told(StatusCode::GONE, "provider-late"));
            }
            let named = Stage::Named { person, session, subject };
            let named = provider.open.put(ctx.now, ctx.keep.entropy(), named);
            let name = terms.name.clone();
            let page = Connect { named, name, account: claims.account().to_owned() };
            Ok(ctx.page(Page::new(ctx.words.t("provider-connect-title")).here("/me"), &page))
        }
        Purpose::SignIn { back } => {
            if let Principal::Staff { .. } = ctx.who {
                return Ok(web::see_other(&back));
            }
            let person = match person_of(&ctx, &subject).await? {
                Some((person, true)) => person,
                Some((person, false)) => {
                    return unknown(&ctx, act, (person.text(), "provider: closed")).await;
                }
                None => return unknown(&ctx, act, (String::new(), "provider: unknown")).await,
            };
            if rules::proves_more(&claims, &terms.proves_more) {
                let proof = Proof::Provider { person, subject, step: None };
                return sign_in::enter_with(&ctx, &access, &headers, (proof, &back)).await;
            }
            let half = Stage::Half { person, subject, back };
            let half = provider.open.put(ctx.now, ctx.keep.entropy(), half);
            half_page(&ctx, (person, half), Faults::default(), StatusCode::OK).await
        }
    }
}

/// Our own code behind the provider's password.
pub(super) async fn code(
    ctx: Ctx,
    from: From,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    ctx.plugged::<Limits>().take(&from, ctx.now)?;
    let provider = ctx.plugged::<Provider>();
    let access = ctx.decide(Act::SignIn, &Facts::default()).await?;
    terms_of(&provider, &ctx).await?;
    let Some(Stage::Half { person, subject, back }) = provider.open.take(ctx.now, &typed.half) else {
        return Err(Failure::told(StatusCode::GONE, "provider-late"));
    };
    match sign_in::by_code(&ctx, (&from, &headers), &access, (person, &typed.code)).await? {
        Ok(step) => {
            let proof = Proof::Provider { person, subject, step: Some(step) };
            sign_in::enter_with(&ctx, &access, &headers, (proof, &back)).await
        }
        Err(outside) => {
            let (said, status) = sign_in::sentence(&ctx, &outside, "provider-code-wrong");
            let mut faults = Faults::default();
            faults.add("code", said);
            let half = Stage::Half { person, subject, back };
            let half = provider.open.put(ctx.now, ctx.keep.entropy(), half);
            half_page(&ctx, (person, half), faults, status).await
        }
    }
}

pub(super) async fn connected(ctx: Ctx, Form(pressed): Form<Pressed>) -> Result<Response, Failure> {
    let (access, person) = change(&ctx).await?;
    let provider = ctx.plugged::<Provider>();
    terms_of(&provider, &ctx).await?;
    let subject = match provider.open.take(ctx.now, &pressed.named) {
        Some(Stage::Named { person, session, subject }) if oneself(&ctx)? == (person, session) => subject,
        _ => return Err(Failure::told(StatusCode::GONE, "provider-late")),
    };
    let mut tx = ctx.keep.begin().await?;
    match store::connect(&mut tx, person, &subject).await {
        Err(KeepError::Conflict) => return Err(Failure::told(StatusCode::CONFLICT, "provider-taken")),
        done => done?,
    }
    sign_in::tell(&ctx, &mut tx, &access, person, Mail::ProofsChanged { when: ctx.now }).await?;
    let entry = Entry::new(Object::of("login", person.text())).detail("change", "provider connected");
    tx.commit(&access, entry).await?;
    Ok(web::see_other("/me?done=connected"))
}

pub(super) async fn remove(ctx: Ctx, Form(Empty {}): Form<Empty>) -> Result<Response, Failure> {
    let (access, person) = change(&ctx).await?;
    let mut tx = ctx.keep.begin().await?;
    store::forget(&mut tx, person).await?;
    sign_in::tell(&ctx, &mut tx, &access, person, Mail::ProofsChanged { when: ctx.now }).await?;
    let entry = Entry::new(Object::of("login", person.text())).detail("change", "provider removed");
    tx.commit(&access, entry).await?;
    Ok(web::see_other("/me?done=removed"))
}

async fn change(ctx: &Ctx) -> Result<(Access, PersonId), Failure> {
    let access = ctx.decide(Act::ChangeOwnProofs, &Facts::default()).await?;
    Ok((access, oneself(ctx)?.0))
}

/// Not configured, or its agreement has run out: the address looks as if it were not there.
async fn terms_of<'a>(provider: &'a Provider, ctx: &Ctx) -> Result<&'a Terms, Failure> {
    provider.offered(ctx).await?.ok_or(Failure::NotFound)
}

/// Whoever the subject is connected with, and whether they work here.
async fn person_of(ctx: &Ctx, subject: &[u8]) -> Result<Option<(PersonId, bool)>, Failure> {
    let mut conn = ctx.keep.read().await?;
    let Some(person) = store::person_of(&mut conn, subject).await? else { return Ok(None) };
    Ok(Some((person, sign_in::is_active(&mut conn, person).await?)))
}

/// One answer for an account nobody has connected and one whose owner no longer works here; the trail knows.
async fn unknown(ctx: &Ctx, act: Act, (person, why): (String, &str)) -> Result<Response, Failure> {
    ctx.keep.refused(&ctx.who, act, Object::of("person", person), why).await?;
    Err(Failure::told(StatusCode::FORBIDDEN, "provider-unknown"))
}

fn is_same(asked: &Secret, came: Option<Secret>) -> bool {
    let same = |came: &Secret| aws_lc_rs::constant_time::verify_slices_are_equal(asked.bytes(), came.bytes());
    came.is_some_and(|came| same(&came).is_ok())
}

impl Fault {
    fn code(&self) -> &'static str {
        match self {
            Fault::Silent(_) => "provider: silent",
            Fault::Declined => "provider: declined",
            Fault::Untrue(code) => code,
        }
    }
}

/// The person reads what to do; whoever runs the program reads why.
fn told(fault: &Fault) -> Failure {
    match fault {
        Fault::Silent(why) => {
            tracing::warn!(%why, "the sign-in provider does not answer");
            Failure::told(StatusCode::BAD_GATEWAY, "provider-silent")
        }
        Fault::Declined => Failure::told(StatusCode::FORBIDDEN, "provider-declined"),
        Fault::Untrue(code) => {
            tracing::error!(code, "the sign-in provider's answer is not to be believed");
            Failure::told(StatusCode::BAD_GATEWAY, "provider-untrue")
        }
    }
}

async fn half_page(
    ctx: &Ctx,
    (person, half): (PersonId, String),
    faults: Faults,
    status: StatusCode,
) -> Result<Response, Failure> {
    let having = proofs::having(&mut *ctx.keep.read().await?, person).await?;
    let page = Half { half, having, back: "/".into(), faults };
    // What the provider answered counts one time: in another language it begins again at the door.
    let frame = Page::new(ctx.words.t("provider-half-title")).script().here("/sign-in");
    Ok(ctx.page(frame.status(status), &page))
}

#[derive(Template)]
#[template(path = "provider/half.html")]
struct Half {
    half: String,
    having: Having,
    back: String,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "provider/connect.html")]
struct Connect {
    named: String,
    name: String,
    /// Which account there it is, as the provider calls it.
    account: String,
}
