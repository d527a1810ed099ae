//! The telehealth consent: read, sign or say no; and the patient's own copy, the same bytes each time.
//!
//! Refuses a signature under another text than the one that was shown: after a change of version or language
//! the page comes again.

use super::guest::{Guest, load_guest};
use super::onward;
use super::rules::Step;
use super::why_out::why_out;
use crate::before::companions;
use crate::before::consent::drawn::{self, Drawn};
use crate::before::consent::rules::{Accepts, Method, accepts, teach_back};
use crate::before::consent::{self, ConsentRow, Hand, How, Lapse, Of, Outcome, Scope, Signing, texts};
use crate::before::rules::Part;
use crate::before::translations;
use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use keep::Object;
use policy::Act;
use serde::Deserialize;
use texts::Named;
use vocabulary::UnixMillis;
use web::{Ctx, Failure, Faults, Form, Page, filters, see_other};

/// Longer is no name.
const NAME_MAX: usize = 120;

/// As typed. Holds a name, so it has no `Debug`.
#[derive(Deserialize, Default)]
pub(super) struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    agree: String,
    /// Strokes of the pad; empty for whoever typed.
    #[serde(default)]
    drawn: String,
    /// Which text was on the page: version and language.
    #[serde(default)]
    text: String,
    /// The answer to the short question.
    #[serde(default)]
    means: String,
    /// Set by the page after a wrong answer: this one comes after reading again.
    #[serde(default)]
    again: String,
}

#[derive(Deserialize)]
pub(super) struct Nothing {}

pub(super) async fn page(ctx: Ctx, Path(door): Path<String>) -> Result<Response, Failure> {
    let guest = load_guest(&ctx, &door, Act::SeeCheckIn).await?;
    if let Some(elsewhere) = guest.elsewhere(Step::Consent) {
        return Ok(elsewhere);
    }
    show(&ctx, &guest, (Typed::default(), Faults::default())).await
}

pub(super) async fn sign(
    ctx: Ctx,
    Path(door): Path<String>,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let guest = load_guest(&ctx, &door, Act::GiveConsent).await?;
    if let Some(elsewhere) = guest.elsewhere(Step::Consent) {
        return Ok(elsewhere);
    }
    let text = text_for(&ctx).await?;
    let mut typed = Typed { name: typed.name.trim().to_owned(), ..typed };
    let mut faults = Faults::default();
    let drawn = check(&ctx, (&guest, text), &mut typed, &mut faults);
    if typed.text != text.tag() {
        faults.add("name", ctx.words.in_lang(text.lang).t("consent-text-changed"));
    }
    let visit = &guest.visit;
    let mut view = ctx.keep.view(&guest.access, Object::of("visit", visit.id.text())).await?;
    let for_minor = consent::is_minor(&ctx, &mut view, &guest.access, visit.patient).await?;
    if for_minor && guest.me.part == Part::Patient {
        faults.add("name", consent::minor_alone(&ctx, text));
    }
    if faults.any() {
        drop(view);
        return show(&ctx, &guest, (typed, faults)).await;
    }
    let filled = (text, visit.patient, Some(visit.clinician));
    let filling = consent::filling(&ctx, &mut view, &guest.access, filled, Named::default()).await?;
    // Whoever drew their name need not type it too: it is the one we know them by.
    if typed.name.is_empty() {
        let companion = companions::name(&mut view, &guest.access, (guest.me.id, visit.patient)).await?;
        let known = companion.map(|name| name.reveal().to_owned());
        typed.name = known.unwrap_or_else(|| filling.patient.clone());
    }
    drop(view);
    let mut tx = ctx.keep.begin().await?;
    let signing = Signing {
        of: Of::at_visit(Scope::Telehealth, visit, &guest.me),
        text,
        filling: &filling,
        signed_name: &typed.name,
        authority: authority_of(guest.me.part),
        how: How::Screen { device: device(&headers), hand: drawn.as_ref().map_or(Hand::Typed, Hand::Drew) },
        staff: (None, None),
        teach_back: teach_back(&typed.means, &typed.again),
        state: guest.here.as_deref(),
        for_minor,
        renews: None,
        words: &ctx.words,
        zone: ctx.zone(),
    };
    let (_, entry) = consent::give(&mut tx, &signing).await?;
    guest.stepped(&mut tx).await?;
    tx.commit(&guest.access, entry).await?;
    let guest = load_guest(&ctx, &door, Act::SeeCheckIn).await?;
    Ok(see_other(&onward(&guest, Step::Consent)))
}

/// What the form lacks, in the order of its fields, in the language of the text. Answers what was drawn.
fn check(
    ctx: &Ctx,
    (guest, text): (&Guest, &texts::Text),
    typed: &mut Typed,
    faults: &mut Faults,
) -> Option<Drawn> {
    let beside = ctx.words.in_lang(text.lang);
    if only_on_paper(ctx, guest) {
        faults.add("name", beside.t("lapse-method"));
    }
    if teach_back(&typed.means, &typed.again).is_none() {
        let missing = typed.means.is_empty();
        faults.add("means", beside.t(if missing { "teach-missing" } else { "teach-wrong" }));
        if !missing {
            typed.again = "yes".into();
        }
    }
    if typed.agree != "yes" {
        faults.add("agree", ctx.words.t("consent-agree-missing"));
    }
    let drawn = drawn::field(&typed.drawn).unwrap_or_else(|key| {
        faults.add("name", beside.t(key));
        typed.drawn.clear();
        None
    });
    let no_name = !(2..=NAME_MAX).contains(&typed.name.chars().count());
    let drawn_alone = drawn.is_some() && typed.name.is_empty();
    if !drawn_alone && (no_name || typed.name.contains(char::is_control)) {
        faults.add("name", beside.t("consent-name-missing"));
    }
    drawn
}

/// Written down, shown to the desk, and led to a kind page.
pub(super) async fn refuse(
    ctx: Ctx,
    Path(door): Path<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let guest = load_guest(&ctx, &door, Act::RefuseConsent).await?;
    if guest.visit.state.is_over() {
        return Ok(see_other(&guest.next_address()));
    }
    let text = text_for(&ctx).await?;
    let mut tx = ctx.keep.begin().await?;
    let of = Of::at_visit(Scope::Telehealth, &guest.visit, &guest.me);
    // Only what was given is taken back: an emergency let them in without a yes.
    let newest = consent::newest(&mut tx, of.patient, Scope::Telehealth, of.clinician).await?;
    let given = newest.is_some_and(|row| row.outcome == Outcome::Given);
    let outcome = if given { Outcome::Withdrawn } else { Outcome::Refused };
    let (_, entry) = consent::say_no(&mut tx, of, (text, outcome)).await?;
    consent::leave_coming_visits(&mut tx, of.patient, guest.visit.clinician).await?;
    tx.commit(&guest.access, entry).await?;
    Ok(see_other(&format!("/g/{door}/refused")))
}

/// After a "no": care is not withheld, here is the phone.
pub(super) async fn refused(ctx: Ctx, Path(door): Path<String>) -> Result<Response, Failure> {
    let guest = load_guest(&ctx, &door, Act::SeeCheckIn).await?;
    if guest.done.consent {
        return Ok(see_other(&guest.next_address()));
    }
    let mut read = ctx.keep.read().await?;
    let visit = &guest.visit;
    let newest = consent::newest(&mut read, visit.patient, Scope::Telehealth, Some(visit.clinician)).await?;
    let to_video = newest.is_some_and(|row| matches!(row.outcome, Outcome::Refused | Outcome::Withdrawn));
    let paper = consent::wants_paper(&mut read, visit, (&guest.house, ctx.now)).await? && !to_video;
    drop(read);
    let again = guest.next_address();
    let page = RefusedPage { paper, again, phone: ctx.settings.face.phone.clone() };
    Ok(ctx.page(Page::new(ctx.words.t("refused-title")), &page))
}

/// The signed page inside ours, to read again.
pub(super) async fn own_copy(ctx: Ctx, Path(door): Path<String>) -> Result<Response, Failure> {
    let (guest, _, bytes) = load_copy(&ctx, &door).await?;
    let document = String::from_utf8(bytes).map_err(|_| Failure::broken("a copy that is not text"))?;
    let page = CopyPage {
        door: guest.door.clone(),
        back: guest.next_address(),
        article: consent::shown_part(&document).to_owned(),
    };
    Ok(ctx.page(Page::new(ctx.words.t("copy-title")), &page))
}

/// The signed page as it was kept, byte for byte.
pub(super) async fn own_file(ctx: Ctx, Path(door): Path<String>) -> Result<Response, Failure> {
    let (_, row, bytes) = load_copy(&ctx, &door).await?;
    Ok(copy_response(&row, bytes))
}

/// Headers that make a browser keep the file instead of showing it.
pub(crate) fn copy_response(row: &ConsentRow, bytes: Vec<u8>) -> Response {
    let name = format!("attachment; filename=\"consent-{}.html\"", row.template_version);
    let kind = "text/html; charset=utf-8".to_owned();
    ([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], bytes).into_response()
}

async fn load_copy(ctx: &Ctx, door: &str) -> Result<(Guest, ConsentRow, Vec<u8>), Failure> {
    let guest = load_guest(ctx, door, Act::SeeOwnConsent).await?;
    let newest = {
        let mut read = ctx.keep.read().await?;
        consent::newest(&mut read, guest.visit.patient, Scope::Telehealth, Some(guest.visit.clinician))
            .await?
    };
    let row = newest.filter(|row| row.outcome == Outcome::Given).ok_or(Failure::NotFound)?;
    let mut view = ctx.keep.view(&guest.access, Object::of("consent", row.id.text())).await?;
    let bytes = consent::copy(&mut view, &guest.access, &row).await?;
    Ok((guest, row, bytes))
}

/// The key of what somebody with this part may sign as.
pub(crate) fn authority_of(part: Part) -> &'static str {
    match part {
        Part::Representative => "consent-copy-authority-representative",
        _ => "consent-copy-authority-patient",
    }
}

pub(super) fn device(headers: &HeaderMap) -> &str {
    headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or("")
}

fn only_on_paper(ctx: &Ctx, guest: &Guest) -> bool {
    let house = &ctx.settings.house_rules;
    let refused = |state: &String| accepts(house, state, Method::Electronic) == Accepts::No;
    guest.here.as_ref().is_some_and(refused)
}

async fn text_for(ctx: &Ctx) -> Result<&'static texts::Text, Failure> {
    Ok(translations::consent(&mut *ctx.keep.read().await?, ctx, Scope::Telehealth, ctx.lang).await?)
}

async fn show(ctx: &Ctx, guest: &Guest, (typed, faults): (Typed, Faults)) -> Result<Response, Failure> {
    let text = text_for(ctx).await?;
    let phone = ctx.settings.face.phone.clone();
    let on_paper_hint = translations::Sentence {
        lang: text.lang.code(),
        text: ctx.words.in_lang(text.lang).with("consent-on-paper-hint", &[("phone", phone.as_str().into())]),
    };
    let siren = translations::emergency(ctx).await?.say("consent-short-emergency", &[]);
    let visit = &guest.visit;
    let mut view = ctx.keep.view(&guest.access, Object::of("visit", visit.id.text())).await?;
    let filled = (text, visit.patient, Some(visit.clinician));
    let filling = consent::filling(ctx, &mut view, &guest.access, filled, Named::default()).await?;
    let newest = consent::newest(&mut view, visit.patient, Scope::Telehealth, Some(visit.clinician)).await?;
    let standing = consent::for_visit(&mut view, visit, (&ctx.settings.house_rules, ctx.now)).await?;
    let of_others = consent::of_patient(&mut view, visit.patient).await?;
    let is_new = standing.lapse == Some(Lapse::Missing)
        && of_others.iter().any(|row| row.scope == Scope::Telehealth && row.outcome == Outcome::Given);
    let lapse = if is_new { Some(Lapse::NewClinician) } else { standing.lapse };
    let why_out = why_out(ctx, &mut view, visit).await?;
    let progress = guest.progress(Step::Consent);
    let page = ConsentPage {
        door: guest.door.clone(),
        back: guest.back_address(Step::Consent),
        now: progress.number,
        of: progress.of,
        left: ctx.words.with("step-left", &[("n", progress.minutes_left.into())]),
        siren,
        article: text.fill(&filling),
        article_lang: text.lang.code(),
        translated: text.lang == ctx.lang,
        demo_approved: ctx.site.demo && text.approved_by.is_demo(),
        tag: text.tag(),
        why_again: lapse.map_or("", Lapse::word),
        why_out,
        on_paper: only_on_paper(ctx, guest),
        on_paper_hint,
        located: guest.done.location,
        given: newest.filter(|_| standing.lapse.is_none()).map(|row| row.since()),
        onward: onward(guest, Step::Consent),
        phone,
        typed,
        faults,
    };
    let status = if page.faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(ctx.page(Page::new(ctx.words.t("consent-title")).script().status(status), &page))
}

#[derive(Template)]
#[template(path = "before/check_in/consent.html")]
struct ConsentPage {
    siren: translations::Sentence,
    door: String,
    back: String,
    now: usize,
    of: usize,
    left: String,
    /// Finished HTML: our own text, values escaped.
    article: String,
    article_lang: &'static str,
    translated: bool,
    demo_approved: bool,
    tag: String,
    /// The key of why a consent that was given counts no more; empty the first time.
    why_again: &'static str,
    /// A "no" that was said on another page, maybe, while this one waited.
    why_out: String,
    /// Where the patient is, only paper counts.
    on_paper: bool,
    on_paper_hint: translations::Sentence,
    /// They said so themselves, and can correct it.
    located: bool,
    /// When it was given, if it is in force already.
    given: Option<UnixMillis>,
    onward: String,
    phone: String,
    typed: Typed,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "before/check_in/copy.html")]
struct CopyPage {
    door: String,
    back: String,
    article: String,
}

#[derive(Template)]
#[template(path = "before/check_in/refused.html")]
struct RefusedPage {
    /// They said no to the screen, and not to the visit.
    paper: bool,
    again: String,
    phone: String,
}
