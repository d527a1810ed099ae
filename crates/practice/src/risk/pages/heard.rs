//! What a report prints of the practice's own records: what visits and staff showed since the last analysis
//! (R57), and what holds health data (R32).

use crate::findings::{self, rules::shown};
use crate::insights;
use crate::inventory;
use crate::risk::rules::AnalysisState;
use crate::risk::store::analyses::{self, Analysis};
use crate::vendors::{self, rules::agreement};
use keep::Viewing;
use policy::Access;
use vocabulary::UnixMillis;
use web::{Ctx, Failure};

pub(super) struct Heard {
    /// Kind, what it points at, how often.
    pub findings: Vec<(String, &'static str, String)>,
    pub staff: insights::Shown,
    pub assets: Vec<Kept>,
    /// From, to, what moves and how it is protected.
    pub ways: Vec<(String, String, String)>,
    /// Name, what it gets, how its agreement stands.
    pub vendors: Vec<(String, String, String)>,
}

pub(super) struct Kept {
    pub name: String,
    pub kind: String,
    pub data: String,
    pub protection: String,
    pub looked: String,
}

pub(super) async fn heard(
    ctx: &Ctx,
    view: &mut Viewing,
    access: &Access,
    open: &Analysis,
) -> Result<Heard, Failure> {
    let since = last_signature(view, open).await?;
    let few = || ctx.words.t("risk-few");
    let mut found = Vec::new();
    for group in findings::since(view, since).await? {
        let spot = super::bank().vulnerability(group.kind.weak_spot()).map_or("", |spot| spot.text(ctx.lang));
        let count = shown(group.count).map_or_else(few, |count| count.to_string());
        found.push((ctx.words.t(&format!("finding-{}", group.kind.code())), spot, count));
    }
    let said: Vec<_> = insights::since(view, access, since).await?;
    let said: Vec<_> = said.into_iter().map(|told| told.insight).collect();
    let assets = inventory::assets(view, access).await?;
    let flows = inventory::flows(view, access).await?;
    let name = |id| {
        let found = assets.iter().find(|asset| asset.id == id);
        found.map(|asset| asset.words.name.clone()).unwrap_or_default()
    };
    let way = |flow: inventory::Flow| {
        let parts = [flow.words.what, flow.words.protection];
        let said: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        (name(flow.from), name(flow.to), said.join("; "))
    };
    let ways = flows.into_iter().map(way).collect();
    let vendors = vendors::list(view, access).await?.into_iter().map(|vendor| {
        let stands = agreement(&vendor.standing(), ctx.now);
        let word = ctx.words.t(&format!("vendor-agreement-{}", stands.code()));
        (vendor.words.name, vendor.words.gets, word)
    });
    Ok(Heard {
        findings: found,
        staff: insights::Shown::of(ctx, &insights::rules::sum(&said)),
        ways,
        vendors: vendors.collect(),
        assets: assets.into_iter().map(|asset| kept(ctx, asset)).collect(),
    })
}

fn kept(ctx: &Ctx, asset: inventory::Asset) -> Kept {
    Kept {
        kind: ctx.words.t(&format!("asset-kind-{}", asset.kind)),
        looked: ctx.words.date(asset.reviewed_at, ctx.zone()),
        name: asset.words.name,
        data: asset.words.data,
        protection: asset.words.protection,
    }
}

/// When the analysis before this one was signed; the beginning when there was none.
async fn last_signature(view: &mut Viewing, open: &Analysis) -> Result<UnixMillis, Failure> {
    let signed = |one: &Analysis| one.state == AnalysisState::Signed && one.number < open.number;
    let all = analyses::list(view).await?;
    Ok(all.into_iter().find(signed).and_then(|one| one.signed_at).unwrap_or(UnixMillis(0)))
}
