//! Know your risks: the practice's own analysis, its register of risks, and the frozen report.
//!
//! Owns the tables `analysis`, `answer` and `risk`, and the pages under `/practice`. Refuses to know visits:
//! what they showed arrives as findings, without names.

pub mod bank;
pub(crate) mod pages;
pub mod rules;
pub mod store;
#[cfg(test)]
pub(crate) mod tests;

use pages::{analysis, at_once, compare, home, lists, plan, questions, register, report, risks, sign};
use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    let see = Rule::Act(Act::SeeRisks);
    let run = Rule::Act(Act::RunAnalysis);
    let rate = Rule::Act(Act::RateRisk);
    let asked = Rule::Act(Act::AnswerAskedQuestion);
    Routes::new()
        .get("/practice", see, home::home)
        .get("/practice/analysis", see, analysis::overview)
        .post("/practice/analysis/start", run, analysis::start)
        .get("/practice/analysis/about", run, analysis::about)
        .post("/practice/analysis/about", run, analysis::write_about)
        .post("/practice/analysis/changed", run, analysis::changed)
        .get("/practice/analysis/compare/{number}", see, compare::page)
        .get("/practice/analysis/next", see, lists::next)
        .get("/practice/analysis/areas/{area}", see, lists::area)
        .post("/practice/analysis/areas/{area}", Rule::Act(Act::AnswerTechnicalQuestion), at_once::save)
        .get("/practice/analysis/questions/{question}", see, questions::show)
        .post(
            "/practice/analysis/questions/{question}",
            Rule::Act(Act::AnswerTechnicalQuestion),
            questions::answer,
        )
        .get("/practice/asked", asked, lists::asked)
        .get("/practice/asked/{question}", asked, questions::show_asked)
        .post("/practice/asked/{question}", asked, questions::answer_asked)
        .get("/practice/plan", see, plan::page)
        .get("/practice/risks", see, register::list)
        .get("/practice/risks/new", rate, register::blank)
        .post("/practice/risks/new", rate, register::add)
        .get("/practice/risks/{id}", see, risks::show)
        .post("/practice/risks/{id}", rate, risks::save)
        .post("/practice/risks/{id}/accept", Rule::Act(Act::AcceptRisk), risks::accept)
        .post("/practice/risks/{id}/close", Rule::Act(Act::CloseRisk), risks::close)
        .post("/practice/risks/{id}/reopen", Rule::Act(Act::CloseRisk), risks::reopen)
        .get("/practice/analysis/report", see, report::draft_report)
        .get("/practice/analysis/report.pdf", see, report::draft_pdf)
        .get("/practice/analysis/sign", Rule::Act(Act::SignAnalysis), sign::sign_form)
        .post("/practice/analysis/sign", Rule::Act(Act::SignAnalysis), sign::sign)
        .get("/practice/report.css", Rule::Public("the same bytes for everybody"), report::style)
}
