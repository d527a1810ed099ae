//! `/portal/agree` and `/portal/take-back`: each agreement alone, to read and sign, or to take back in two
//! presses.
//!
//! Refuses to let anything be signed on a screen before that itself was agreed to (R78), and asks for no
//! reason when something is taken back (R63).

use super::agreements::{is_asked_here, is_theirs};
use super::drawn::{self, Drawn};
use super::rules::teach_back;
use super::signer;
use super::texts::{self, Named};
use super::{ConsentRow, Hand, How, Of, Outcome, Scope, Signing};
use crate::after::portal::own;
use crate::before::check_in::authority_of;
use crate::before::rules::Part;
use crate::before::translations;
use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use keep::{Entry, Object};
use people::representatives;
use policy::{Access, Act};
use serde::Deserialize;
use vocabulary::{ConsentId, PatientId, Principal, UnixMillis};
use web::{Ctx, Failure, Faults, Form, Page, filters, see_other};

/// Longer is no name.
const NAME_MAX: usize = 120;
/// Longer than this is a letter, not a line of a form.
const NAMED_MAX: usize = 300;

/// As typed. Holds names, so it has no `Debug`.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Typed {
    name: String,
    /// Strokes of the pad; empty for whoever typed.
    drawn: String,
    agree: String,
    /// Which text was on the page: version and language.
    text: String,
    means: String,
    again: String,
    who: String,
    what: String,
    why: String,
}

#[derive(Deserialize)]
pub(crate) struct Nothing {}

/// `/portal/agree/{scope}`
pub(crate) async fn page(ctx: Ctx, Path(scope): Path<String>) -> Result<Response, Failure> {
    let scope = asked_for(&scope)?;
    show(&ctx, scope, (Typed::default(), Faults::default())).await
}

/// `POST /portal/agree/{scope}`
pub(crate) async fn sign(
    ctx: Ctx,
    Path(scope): Path<String>,
    headers: HeaderMap,
    Form(mut typed): Form<Typed>,
) -> Result<Response, Failure> {
    let scope = asked_for(&scope)?;
    let (patient, access) = own(&ctx, Act::GiveConsent).await?;
    if !is_theirs(&ctx, &access, scope) {
        return Err(Failure::NotFound);
    }
    let text = text_for(&ctx, scope).await?;
    let mut view = ctx.keep.view(&access, Object::of("consents", patient.text())).await?;
    let who = (&ctx.settings.house_rules, ctx.now);
    let mut faults = Faults::default();
    if scope.comes_first() {
        if !super::sample_is_open(&mut view, patient).await? {
            faults.add("agree", ctx.words.t("screen-sample-missing"));
        }
    } else if !super::stands(&mut view, patient, Scope::ESign, who).await? {
        return Ok(see_other("/portal/agree/e_sign"));
    }
    let teach_back = teach_back(&typed.means, &typed.again);
    let drawn = check(&ctx, text, &mut typed, &mut faults);
    if typed.text != text.tag() {
        faults.add("name", ctx.words.in_lang(text.lang).t("consent-text-changed"));
    }
    let for_minor = super::is_minor(&ctx, &mut view, &access, patient).await?;
    // Whoever acts for somebody who is not of age signs for them.
    let acts = matches!(ctx.who, Principal::Representative { .. });
    if for_minor && !acts {
        faults.add("name", super::minor_alone(&ctx, text));
    }
    if faults.any() {
        drop(view);
        return show(&ctx, scope, (typed, faults)).await;
    }
    let named = Named { who: typed.who.clone(), what: typed.what.clone(), why: typed.why.clone() };
    let filling = super::filling(&ctx, &mut view, &access, (text, patient, None), named).await?;
    let acting = match ctx.who {
        Principal::Representative { representative, .. } => {
            Some(representatives::one(&mut view, &access, (patient, representative)).await?)
        }
        _ => None,
    };
    // Whoever drew their name need not type it too: it is the one on file.
    if typed.name.is_empty() {
        let on_file = acting.as_ref().map(|one| one.name.reveal().to_owned());
        typed.name = on_file.unwrap_or_else(|| filling.patient.clone());
    }
    drop(view);
    let device = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or("");
    let mut tx = ctx.keep.begin().await?;
    let signing = Signing {
        of: Of::in_portal(patient),
        text,
        filling: &filling,
        signed_name: &typed.name,
        authority: acting.as_ref().map_or(authority_of(Part::Patient), |one| signer::acts_as(one.authority)),
        how: How::Screen { device, hand: drawn.as_ref().map_or(Hand::Typed, Hand::Drew) },
        staff: (None, None),
        teach_back,
        state: None,
        for_minor,
        renews: super::renewed(&mut tx, &access, patient, (scope, &filling.named)).await?,
        words: &ctx.words,
        zone: ctx.zone(),
    };
    let (id, mut entry) = super::give(&mut tx, &signing).await?;
    if let Some(one) = &acting {
        signer::put(&mut tx, id, one.id).await?;
        entry = entry.detail("representative", one.id.text());
    }
    tx.commit(&access, entry).await?;
    Ok(see_other("/portal/agreements?done=given"))
}

/// What the form lacks. Answers what was drawn.
fn check(ctx: &Ctx, text: &texts::Text, typed: &mut Typed, faults: &mut Faults) -> Option<Drawn> {
    let (scope, beside) = (text.scope, ctx.words.in_lang(text.lang));
    let tidy = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    for field in [&mut typed.name, &mut typed.who, &mut typed.what, &mut typed.why] {
        *field = tidy(field);
    }
    if scope.names_somebody() {
        for (field, value) in [("who", &typed.who), ("what", &typed.what), ("why", &typed.why)] {
            if value.is_empty() || value.chars().count() > NAMED_MAX {
                faults.add(field, ctx.words.t(&format!("agree-{field}-missing")));
            }
        }
    }
    if teach_back(&typed.means, &typed.again).is_none() {
        let missing = typed.means.is_empty();
        faults.add("means", beside.t(if missing { "teach-missing" } else { "teach-wrong" }));
        if !missing {
            typed.again = "yes".into();
        }
    }
    if typed.agree != "yes" {
        faults.add("agree", ctx.words.t("agree-missing"));
    }
    let drawn = drawn::field(&typed.drawn).unwrap_or_else(|key| {
        faults.add("name", beside.t(key));
        typed.drawn.clear();
        None
    });
    let drawn_alone = drawn.is_some() && typed.name.is_empty();
    if !drawn_alone && !(2..=NAME_MAX).contains(&typed.name.chars().count()) {
        faults.add("name", beside.t("consent-name-missing"));
    }
    drawn
}

/// `/portal/sample`: the sample page. That it was opened is written down.
pub(crate) async fn sample(ctx: Ctx) -> Result<Response, Failure> {
    let (patient, access) = own(&ctx, Act::OpenSample).await?;
    let mut tx = ctx.keep.begin().await?;
    super::open_sample(&mut tx, patient).await?;
    tx.commit(&access, Entry::new(Object::of("sample", patient.text()).patient(patient))).await?;
    Ok(super::sample_page(&ctx, "/portal/agree/e_sign".into()))
}

/// `/portal/take-back/{id}`: the first press leads here, the second is this page's button.
pub(crate) async fn ask(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let (patient, access) = own(&ctx, Act::WithdrawConsent).await?;
    let row = standing(&ctx, (patient, &access), &id).await?;
    let view = ctx.keep.view(&access, Object::of("consents", patient.text())).await?;
    let named = super::named(&view, &access, &row)?;
    drop(view);
    let who = named.map(|named| named.who).unwrap_or_default();
    let text_lang = text_for(&ctx, row.scope).await?.lang.code();
    let page = Ask {
        id,
        who,
        title: row.scope.title(),
        at: row.since(),
        e_sign: row.scope.comes_first(),
        text_lang,
    };
    Ok(ctx.page(Page::new(ctx.words.t("take-back-title")), &page))
}

/// `POST /portal/take-back/{id}`: counts at once, for everything that comes.
pub(crate) async fn take_back(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let (patient, access) = own(&ctx, Act::WithdrawConsent).await?;
    let row = standing(&ctx, (patient, &access), &id).await?;
    let text = text_for(&ctx, row.scope).await?;
    let mut tx = ctx.keep.begin().await?;
    let rows = super::of_patient(&mut tx, patient).await?;
    for twin in super::twins(&tx, &access, (&rows[..], &row))? {
        let noted = super::take_back(&mut tx, (twin, text)).await?;
        tx.note(&access, noted);
    }
    let entry = super::take_back(&mut tx, (&row, text)).await?;
    super::follow_no(&mut tx, &row).await?;
    tx.commit(&access, entry).await?;
    Ok(see_other("/portal/agreements?done=taken-back"))
}

/// The patient's own consent, which nothing newer has replaced, and which this person may take back.
async fn standing(
    ctx: &Ctx,
    (patient, access): (PatientId, &Access),
    id: &str,
) -> Result<ConsentRow, Failure> {
    let id = ConsentId::parse(id).ok_or(Failure::NotFound)?;
    let mut read = ctx.keep.read().await?;
    let rows = super::of_patient(&mut read, patient).await?;
    let given = super::current(&rows).find(|row| row.id == id && row.outcome == Outcome::Given);
    given.filter(|row| is_theirs(ctx, access, row.scope)).cloned().ok_or(Failure::NotFound)
}

fn asked_for(scope: &str) -> Result<Scope, Failure> {
    Scope::parse(scope).filter(|scope| is_asked_here(*scope)).ok_or(Failure::NotFound)
}

async fn text_for(ctx: &Ctx, scope: Scope) -> Result<&'static texts::Text, Failure> {
    Ok(translations::consent(&mut *ctx.keep.read().await?, ctx, scope, ctx.lang).await?)
}

async fn show(ctx: &Ctx, scope: Scope, (typed, faults): (Typed, Faults)) -> Result<Response, Failure> {
    let (patient, access) = own(ctx, Act::SeeOwnConsent).await?;
    if !is_theirs(ctx, &access, scope) {
        return Err(Failure::NotFound);
    }
    let text = text_for(ctx, scope).await?;
    let mut view = ctx.keep.view(&access, Object::of("consents", patient.text())).await?;
    let who = (&ctx.settings.house_rules, ctx.now);
    if !scope.comes_first() && !super::stands(&mut view, patient, Scope::ESign, who).await? {
        return Ok(see_other("/portal/agree/e_sign"));
    }
    let opened = super::sample_is_open(&mut view, patient).await?;
    let blank = |typed: &str| if typed.is_empty() { "________".to_owned() } else { typed.to_owned() };
    let named = Named { who: blank(&typed.who), what: blank(&typed.what), why: blank(&typed.why) };
    let filling = super::filling(ctx, &mut view, &access, (text, patient, None), named).await?;
    let page = AgreePage {
        scope,
        article: text.fill(&filling),
        article_lang: text.lang.code(),
        translated: text.lang == ctx.lang,
        demo_approved: ctx.site.demo && text.approved_by.is_demo(),
        tag: text.tag(),
        opened,
        phone: ctx.settings.face.phone.clone(),
        typed,
        faults,
    };
    let status = if page.faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(ctx.page(Page::new(ctx.words.t(scope.title())).script().status(status), &page))
}

#[derive(Template)]
#[template(path = "before/consent/agree.html")]
struct AgreePage {
    scope: Scope,
    /// Finished HTML: our own text, values escaped.
    article: String,
    article_lang: &'static str,
    translated: bool,
    demo_approved: bool,
    tag: String,
    /// The sample page.
    opened: bool,
    phone: String,
    typed: Typed,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "before/consent/ask.html")]
struct Ask {
    id: String,
    /// Whom it names.
    who: String,
    title: &'static str,
    at: UnixMillis,
    e_sign: bool,
    /// In which language sentences of the text are said.
    text_lang: &'static str,
}
