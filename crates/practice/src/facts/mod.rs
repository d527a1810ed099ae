//! What the program sees of itself and sets beside the answers of the analysis (R48).
//!
//! Declares the one trait through which facts come, and brings those about the vault and the accounts;
//! slices to the right bring theirs, and the binary puts them together. Refuses to write: an observation is
//! made when a page asks for it, never becomes an answer, and is kept where a signed report was frozen with
//! it.

mod own;
mod reviews;
pub mod rules;
#[cfg(test)]
mod tests;

use crate::duties::Owed;
use crate::risk::bank::{Question, bank};
use crate::risk::rules::Choice;
use keep::{BoxFuture, Conn, Keep, KeepError};
use rules::{Said, Seen, contradict};
use vocabulary::UnixMillis;
use web::Ctx;

/// One thing an observer can look at. Its words are `fact-` and the name: the value, with `-how` behind it
/// the query, and with `-none` behind it what to say while there is nothing to see, where that needs words of
/// its own. Questions name it as `observed_by`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fact {
    pub name: &'static str,
    /// Worth seeing beside the question, but not an answer to it.
    pub is_sign: bool,
}

impl Fact {
    pub const fn answer(name: &'static str) -> Fact {
        Fact { name, is_sign: false }
    }

    pub const fn sign(name: &'static str) -> Fact {
        Fact { name, is_sign: true }
    }
}

/// An observer was asked about a fact that is none of its own.
const UNKNOWN: KeepError = KeepError::Shape("a fact that nobody looks at");

/// Where an observer looks.
pub struct World<'a> {
    pub keep: &'a Keep,
    pub conn: &'a mut Conn,
    pub now: UnixMillis,
}

/// A part of the program that can count something of itself. Counts name nobody.
pub trait Observer: Send + Sync {
    fn facts(&self) -> &'static [Fact];

    /// `fact` is the name of one of them.
    fn look<'a>(&'a self, fact: &'static str, world: World<'a>) -> BoxFuture<'a, Result<Seen, KeepError>>;

    /// What of its own must be looked at again, each with its day; see [`crate::duties`].
    fn owed<'a>(&'a self, _: World<'a>) -> BoxFuture<'a, Result<Vec<Owed>, KeepError>> {
        Box::pin(async { Ok(Vec::new()) })
    }
}

/// Everybody who observes; plugged into the site.
pub struct Observers(Vec<Box<dyn Observer>>);

impl Default for Observers {
    fn default() -> Observers {
        Observers(vec![
            Box::new(own::OfKeep),
            Box::new(own::OfPeople),
            Box::new(own::OfPractice),
            Box::new(reviews::OfReviews),
        ])
    }
}

impl Observers {
    pub fn with(mut self, other: impl Observer + 'static) -> Observers {
        self.0.push(Box::new(other));
        self
    }

    /// What every part of the program owes by a day. One that cannot say stops nobody from hearing of the
    /// others: the log knows.
    pub async fn owed(&self, world: World<'_>) -> Vec<Owed> {
        let World { keep, conn, now } = world;
        let mut found = Vec::new();
        for observer in &self.0 {
            match observer.owed(World { keep, conn: &mut *conn, now }).await {
                Ok(owed) => found.extend(owed),
                Err(error) => tracing::warn!(%error, "what a part of the program owes could not be seen"),
            }
        }
        found
    }

    #[cfg(test)]
    pub fn names(&self) -> Vec<&'static str> {
        self.0.iter().flat_map(|observer| observer.facts()).map(|fact| fact.name).collect()
    }

    /// What is seen about one question now.
    pub async fn about(
        &self,
        ctx: &Ctx,
        conn: &mut Conn,
        question: &Question,
    ) -> Result<Vec<Observed>, KeepError> {
        self.look(ctx, conn, |fact| question.observed_by.iter().any(|name| name == fact.name)).await
    }

    /// Everything that is seen now; each fact is looked at once.
    pub async fn all(&self, ctx: &Ctx, conn: &mut Conn) -> Result<Sight, KeepError> {
        Ok(Sight(self.look(ctx, conn, |_| true).await?))
    }

    async fn look(
        &self,
        ctx: &Ctx,
        conn: &mut Conn,
        wanted: impl Fn(&Fact) -> bool,
    ) -> Result<Vec<Observed>, KeepError> {
        let mut found = Vec::new();
        for observer in &self.0 {
            for fact in observer.facts().iter().filter(|fact| wanted(fact)) {
                let world = World { keep: &ctx.keep, conn: &mut *conn, now: ctx.now };
                // One that fails hides nothing of the others: its line says that it could not look.
                let seen = observer.look(fact.name, world).await.unwrap_or_else(|error| {
                    tracing::warn!(fact = fact.name, %error, "a fact could not be seen");
                    Seen::Unseen
                });
                found.push(Observed::new(ctx, *fact, seen));
            }
        }
        Ok(found)
    }
}

/// All that was seen at one moment.
pub struct Sight(Vec<Observed>);

impl Sight {
    pub fn about(&self, question: &Question) -> Vec<Observed> {
        let about = |one: &&Observed| question.observed_by.iter().any(|name| name == one.name);
        self.0.iter().filter(about).cloned().collect()
    }

    /// What may be said of one fact.
    pub fn said(&self, fact: &str) -> Said {
        self.0.iter().find(|one| one.name == fact).map_or(Said::Nothing, |one| one.said)
    }

    /// One fact in the reader's words; none when nobody looks at it.
    pub fn value(&self, fact: &str) -> Option<String> {
        self.0.iter().find(|one| one.name == fact).map(|one| one.value.clone())
    }

    /// Questions that what was seen would answer.
    pub fn answered(&self) -> usize {
        let answers = |question: &&Question| self.about(question).iter().any(|one| one.choice.is_some());
        bank().questions.iter().filter(answers).count()
    }
}

/// One observation in the reader's words.
#[derive(Clone, Debug)]
pub struct Observed {
    name: &'static str,
    pub value: String,
    /// The query behind it, and when it was made.
    pub how: String,
    choice: Option<Choice>,
    said: Said,
}

impl Observed {
    fn new(ctx: &Ctx, fact: Fact, seen: Seen) -> Observed {
        let how = ctx.words.t(&format!("fact-{}-how", fact.name));
        let when = [
            ("how", how.into()),
            ("date", ctx.words.date(ctx.now, ctx.zone()).into()),
            ("time", ctx.words.time(ctx.now, ctx.zone()).into()),
            ("zone", ctx.zone().to_owned().into()),
        ];
        Observed {
            said: seen.said(),
            name: fact.name,
            value: value(ctx, fact.name, seen.said()),
            how: ctx.words.with("observed-how", &when),
            choice: seen.choice().filter(|_| !fact.is_sign),
        }
    }

    /// Alcove could not look, so this says nothing of the practice.
    pub fn is_unseen(&self) -> bool {
        self.said == Said::Unseen
    }

    /// The sentence for an answer that does not fit.
    pub fn clash(&self, ctx: &Ctx, declared: Option<Choice>) -> Option<String> {
        let (declared, seen) = (declared?, self.choice?);
        let word = |choice: Choice| ctx.words.t(&format!("risk-choice-{}", choice.code()));
        let both = [("said", word(declared).into()), ("seen", word(seen).into())];
        contradict(declared, seen).then(|| ctx.words.with("observed-clash", &both))
    }
}

fn value(ctx: &Ctx, name: &str, said: Said) -> String {
    let few = || ctx.words.with("observed-few", &[("n", crate::findings::rules::SMALLEST_COUNTED.into())]);
    let (n, of) = match said {
        Said::Nothing => {
            let own = format!("fact-{name}-none");
            return ctx.words.t(if ctx.words.has(&own) { &own } else { "observed-nothing" });
        }
        Said::Unseen => return ctx.words.t("observed-unseen"),
        Said::TooFew => return ctx.words.t("observed-too-few"),
        Said::Few(of) => (few(), of),
        Said::AllButFew(of) => (ctx.words.t("observed-all-but-few"), of),
        Said::Share(part, of) => (part.to_string(), of),
        Said::Days(days) => (days.to_string(), days),
    };
    ctx.words.with(&format!("fact-{name}"), &[("n", n.into()), ("of", of.into())])
}
