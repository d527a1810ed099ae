//! The report as a paper: the same words as on its page, in the same order.

use super::heard::Heard;
use super::report::{Rated, Report, Said};
use crate::print::{Paper, Part};
use web::Ctx;

impl Report {
    pub(super) fn paper(&self, ctx: &Ctx) -> Paper {
        let t = |key: &str| ctx.words.plain().t(key);
        let h2 = |key: &str| Part::Heading(2, t(key));
        let state = |filled: bool| t(if filled { "risk-filled" } else { "risk-empty" });
        let mut parts = vec![
            Part::Text(ctx.settings.face.name.clone()),
            Part::Strong(self.standing.clone()),
            h2("risk-elements"),
            Part::Table {
                caption: String::new(),
                head: vec![t("printed-element"), t("risk-state")],
                rows: self.elements.iter().map(|(name, filled)| vec![name.clone(), state(*filled)]).collect(),
            },
            h2("risk-scope"),
            Part::Text(self.scope.clone()),
            h2("risk-flows"),
            Part::Text(self.flows.clone()),
            h2("risk-method"),
            Part::Text(t("risk-method-text")),
            h2("risk-register"),
        ];
        parts.push(register(&t, &self.risks));
        for risk in &self.risks {
            parts.extend(one_risk(&t, risk));
        }
        parts.extend(heard(&t, &self.heard));
        parts.push(h2("risk-safeguards"));
        for area in &self.areas {
            parts.push(Part::Heading(3, area.name.clone()));
            parts.extend(area.rows.iter().flat_map(|row| answer(&t, row)));
        }
        parts.extend([h2("risk-documentation"), Part::Text(self.documentation.clone())]);
        parts.extend([h2("risk-review"), Part::Text(self.review.clone())]);
        if !self.key.is_empty() {
            parts.extend([
                h2("signed-outside"),
                Part::Text(t("signed-key-detail")),
                Part::Text(self.key.clone()),
            ]);
        }
        // Readers show it in their window, where marks of direction would be boxes.
        let title = self.title.replace(['\u{2068}', '\u{2069}'], "");
        Paper {
            lang: ctx.lang,
            foot: format!("{} · {title}", ctx.settings.face.name),
            title,
            made_at: self.at,
            parts,
        }
    }
}

fn register(t: &impl Fn(&str) -> String, risks: &[Rated]) -> Part {
    let row = |risk: &Rated| {
        let one =
            [&risk.title, &risk.level, &risk.residual, &risk.treatment, &risk.owner, &risk.due, &risk.state];
        one.into_iter().cloned().collect()
    };
    Part::Table {
        caption: t("printed-register"),
        head: [
            "printed-risk",
            "risk-level",
            "risk-residual",
            "risk-treatment",
            "risk-owner",
            "risk-due",
            "risk-state",
        ]
        .map(t)
        .to_vec(),
        rows: risks.iter().map(row).collect(),
    }
}

fn one_risk(t: &impl Fn(&str) -> String, risk: &Rated) -> Vec<Part> {
    let rating =
        [("risk-likelihood", &risk.likelihood), ("risk-impact", &risk.impact), ("risk-level", &risk.level)];
    let rating = rating.into_iter().map(|(key, value)| (t(key), value.clone())).collect();
    let mut parts =
        vec![Part::Heading(3, risk.title.clone()), Part::Soft(risk.spot.to_owned()), Part::Terms(rating)];
    parts.extend(risk.texts.iter().cloned().map(Part::Text));
    parts
}

fn heard(t: &impl Fn(&str) -> String, heard: &Heard) -> Vec<Part> {
    let mut parts = vec![Part::Heading(2, t("heard-title")), Part::Text(t("heard-under"))];
    if heard.findings.is_empty() {
        parts.push(Part::Text(t("risk-found-none")));
    }
    parts.push(Part::Table {
        caption: String::new(),
        head: ["heard-what", "risk-vulnerability", "heard-often"].map(t).to_vec(),
        rows: heard
            .findings
            .iter()
            .map(|(title, spot, count)| vec![title.clone(), (*spot).to_owned(), count.clone()])
            .collect(),
    });
    let staff = [
        (t("insights-given"), heard.staff.given.clone()),
        (t("insight-ease"), heard.staff.ease.clone()),
        (t("insight-clear"), heard.staff.clear.clone()),
    ];
    parts.push(Part::Heading(3, t("insights-title")));
    parts.push(Part::Terms(staff.into_iter().chain(heard.staff.subjects.iter().cloned()).collect()));
    parts.push(Part::Heading(2, t("inventory-title")));
    if heard.assets.is_empty() {
        parts.push(Part::Text(t("inventory-none")));
    }
    parts.push(Part::Table {
        caption: String::new(),
        head: ["asset-name", "asset-data", "asset-protection", "asset-look"].map(t).to_vec(),
        rows: heard
            .assets
            .iter()
            .map(|one| {
                let name = format!("{} ({})", one.name, one.kind);
                vec![name, one.data.clone(), one.protection.clone(), one.looked.clone()]
            })
            .collect(),
    });
    parts.push(Part::Table {
        caption: t("printed-ways"),
        head: ["flow-from", "flow-to", "flow-what"].map(t).to_vec(),
        rows: heard
            .ways
            .iter()
            .map(|(from, to, what)| vec![from.clone(), to.clone(), what.clone()])
            .collect(),
    });
    if !heard.vendors.is_empty() {
        parts.push(Part::Heading(3, t("vendors-title")));
        parts.push(Part::Table {
            caption: String::new(),
            head: ["vendor-name", "vendor-gets", "vendor-agreement"].map(t).to_vec(),
            rows: heard
                .vendors
                .iter()
                .map(|(name, gets, stands)| vec![name.clone(), gets.clone(), stands.clone()])
                .collect(),
        });
    }
    parts
}

fn answer(t: &impl Fn(&str) -> String, row: &Said) -> Vec<Part> {
    let mut parts = vec![Part::Heading(4, row.question.to_owned()), Part::Strong(row.choice.clone())];
    for (clash, one) in &row.seen {
        parts.push(Part::Text(format!("{}: {} · {}", t("observed-mark"), one.value, one.how)));
        parts.extend(clash.clone().map(Part::Strong));
    }
    if !row.note.is_empty() {
        parts.push(Part::Text(row.note.clone()));
    }
    if !row.evidence.is_empty() {
        parts.push(Part::Text(format!("{}: {}", t("risk-evidence"), row.evidence)));
    }
    if row.low {
        parts.push(Part::Text(format!("{}: {}", t("risk-advice"), row.advice)));
    }
    parts.push(Part::Soft(row.cites.clone()));
    parts
}
