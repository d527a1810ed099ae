//! Text messages: how many one number gets and when, and who wants none (R104; 47 CFR 64.1200(a)(9)(iv), of
//! the FCC's order of 2015 on messages of health care).
//!
//! Owns the tables `text_message` and `text_stop`. The queue asks here before each try: what would be too
//! many or comes at night waits, what nobody wants any more is given up. Refuses to let a caller send past
//! it.

use super::letter::{Channel, Letter};
use crate::store::Conn;
use crate::vault::Owner;
use crate::{Keep, KeepError, Tx, args};
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use vocabulary::{DAY_MS, JobId, UnixMillis};

/// Messages to one number within 24 hours.
pub const TEXTS_A_DAY: usize = 1;
/// Messages to one number within seven days.
pub const TEXTS_A_WEEK: usize = 3;
/// Answers to one number within 24 hours.
pub const ANSWERS_A_DAY: usize = 3;
/// Hours of the practice's day: from eight in the morning until before nine at night (47 CFR 64.1200(c)(1)).
pub const AWAKE: (i8, i8) = (8, 21);
/// Each look ahead moves past one message, or into the next morning.
const LOOKS: usize = 2 * (TEXTS_A_DAY + TEXTS_A_WEEK);

/// What the queue does with one message now.
pub(super) enum Gate {
    Goes,
    Waits(UnixMillis),
    /// A code: why it is given up.
    GivenUp(&'static str),
}

/// The number as carriers want it (ITU-T E.164): `+15550100777`. `country` is the calling code of numbers
/// that are written without one. None when no text can go there: too short, or a line behind a switchboard.
pub fn number(typed: &str, country: &str) -> Option<String> {
    if typed.contains('x') {
        return None;
    }
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let whole = match (typed.trim_start().starts_with('+'), country, digits.len()) {
        (true, ..) => digits,
        (false, "1", 10) => format!("1{digits}"),
        (false, "1", 11) if digits.starts_with('1') => digits,
        (false, "1", _) => return None,
        (false, ..) => format!("{country}{}", digits.strip_prefix('0').unwrap_or(&digits)),
    };
    (8..=15).contains(&whole.len()).then(|| format!("+{whole}"))
}

/// The number an answer came from, as gateways write it: with "+", with the space that an unescaped "+" is in
/// a form, or with neither (E.164 digits). `country` is that of `number`, for what is written without one.
pub fn sender(typed: &str, country: &str) -> Option<String> {
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let is_national = match country {
        "1" => digits.len() == 10,
        // Not everywhere does a 0 stand before it.
        _ => !digits.starts_with(country),
    };
    let is_marked = typed.starts_with(['+', ' ']);
    if is_national && !is_marked { number(typed, country) } else { number(&format!("+{digits}"), country) }
}

/// The first moment from `now` on when one more message may go to a number that had these.
pub fn earliest(had: &[UnixMillis], now: UnixMillis, zone: &str) -> UnixMillis {
    let mut had = had.to_vec();
    had.sort_unstable_by(|one, other| other.cmp(one));
    let mut at = awake(now, zone);
    for _ in 0..LOOKS {
        let full =
            [(TEXTS_A_DAY, DAY_MS), (TEXTS_A_WEEK, 7 * DAY_MS)].into_iter().find_map(|(many, span)| {
                let oldest = had.get(many - 1)?;
                (at.since(*oldest) < span).then(|| oldest.plus_ms(span))
            });
        match full {
            Some(next) => at = awake(next, zone),
            None => return at,
        }
    }
    at
}

/// This moment, or the next morning.
fn awake(at: UnixMillis, zone: &str) -> UnixMillis {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let here = Timestamp::from_millisecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone.clone());
    if (AWAKE.0..AWAKE.1).contains(&here.hour()) {
        return at;
    }
    let day = if here.hour() < AWAKE.0 { Ok(here.date()) } else { here.date().checked_add(1.day()) };
    let opens = day.and_then(|day| day.at(AWAKE.0, 0, 0, 0).to_zoned(zone));
    opens.map_or(at, |opens| UnixMillis(opens.timestamp().as_millisecond()))
}

impl Tx {
    /// When a text to this number could go out, counting those that wait for it; none when it wants none.
    pub async fn text_from(&mut self, number: &str) -> Result<Option<UnixMillis>, KeepError> {
        let index = self.blind(INDEX.0, INDEX.1, number);
        if is_stopped(self, index.clone()).await? {
            return Ok(None);
        }
        let sql = "SELECT coalesce(t.sent_at, o.due_at) AS moment FROM text_message t
                   JOIN outbox o ON o.id = t.id
                   WHERE t.number_index = $1 AND t.reply = 0
                       AND (t.sent_at IS NOT NULL OR o.state = 'waiting')
                   ORDER BY moment DESC LIMIT $2";
        let rows = self.rows(sql, args![index, TEXTS_A_WEEK as i64]).await?;
        let had = rows.iter().map(|row| row.time("moment")).collect::<Result<Vec<_>, _>>()?;
        let zone = self.settings().face.zone.clone();
        Ok(Some(earliest(&had, self.now(), &zone)))
    }

    /// No text to this number from this commit on; what waits for it is given up, and shown as not delivered.
    /// Gives whether that is new.
    pub async fn stop_texts(&mut self, number: &str) -> Result<bool, KeepError> {
        let (id, now) = (JobId::new(self.now(), self.entropy()), self.now());
        let index = self.blind(INDEX.0, INDEX.1, number);
        let sql = "INSERT INTO text_stop (id, number_index, stopped_at) VALUES ($1, $2, $3)
                   ON CONFLICT (number_index) DO NOTHING";
        let stopped = self.run(sql, args![id, index.clone(), now]).await?;
        let sql = "UPDATE outbox SET state = 'failed', ended_at = $2, problem = 'stopped'
                   WHERE state = 'waiting' AND id IN
                       (SELECT id FROM text_message WHERE number_index = $1 AND reply = 0)";
        self.run(sql, args![index, now]).await?;
        Ok(stopped > 0)
    }

    /// What waits for this number from this owner is given up, and shown as not delivered: they want it no
    /// more, or not there. What others who share the number wait for goes out.
    pub async fn give_up_texts(&mut self, number: &str, owner: Owner) -> Result<(), KeepError> {
        let (index, now) = (self.blind(INDEX.0, INDEX.1, number), self.now());
        let sql = "UPDATE outbox SET state = 'failed', ended_at = $2, problem = 'not_wanted'
                   WHERE state = 'waiting' AND owner = $3 AND id IN
                       (SELECT id FROM text_message WHERE number_index = $1 AND reply = 0)";
        self.run(sql, args![index, now, owner.text()]).await.map(|_| ())
    }

    /// Its owner wants texts again. Gives whether that is new.
    pub async fn start_texts(&mut self, number: &str) -> Result<bool, KeepError> {
        let index = self.blind(INDEX.0, INDEX.1, number);
        let started = self.run("DELETE FROM text_stop WHERE number_index = $1", args![index]).await?;
        Ok(started > 0)
    }

    /// Whether one more answer may go to this number: a machine on the other side that answers ours must not
    /// keep both at it.
    pub async fn may_answer(&mut self, number: &str) -> Result<bool, KeepError> {
        let (index, since) = (self.blind(INDEX.0, INDEX.1, number), self.now().plus_ms(-DAY_MS));
        let sql = "SELECT t.id FROM text_message t JOIN outbox o ON o.id = t.id
                   WHERE t.number_index = $1 AND t.reply = 1 AND o.made_at > $2 LIMIT $3";
        let had = self.rows(sql, args![index, since, ANSWERS_A_DAY as i64]).await?;
        Ok(had.len() < ANSWERS_A_DAY)
    }

    /// The keys of whoever got these messages are destroyed: which number it was is forgotten too. A STOP is
    /// kept, for it must be honoured.
    pub async fn forget_numbers(&mut self, owner: Owner) -> Result<(), KeepError> {
        let sql = "DELETE FROM text_message WHERE id IN (SELECT id FROM outbox WHERE owner = $1)";
        self.run(sql, args![owner.text()]).await.map(|_| ())
    }

    pub(super) async fn note_text(&mut self, id: JobId, letter: &Letter) -> Result<(), KeepError> {
        let index = self.blind(INDEX.0, INDEX.1, &letter.to);
        let sql = "INSERT INTO text_message (id, number_index, reply) VALUES ($1, $2, $3)";
        self.run(sql, args![id, index, i64::from(letter.reply)]).await.map(|_| ())
    }

    /// Asked within the transaction that counts the try, so that two queues cannot both find room.
    pub(super) async fn text_gate(&mut self, id: JobId, letter: &Letter) -> Result<Gate, KeepError> {
        if letter.channel != Channel::Sms {
            return Ok(Gate::Goes);
        }
        if letter.reply {
            let late = letter.until.is_some_and(|until| self.now() >= until);
            return Ok(if late { Gate::GivenUp("too_late") } else { Gate::Goes });
        }
        let index = self.blind(INDEX.0, INDEX.1, &letter.to);
        if is_stopped(self, index.clone()).await? {
            return Ok(Gate::GivenUp("stopped"));
        }
        let sql = "SELECT sent_at FROM text_message
                   WHERE number_index = $1 AND reply = 0 AND sent_at IS NOT NULL AND id <> $2
                   ORDER BY sent_at DESC LIMIT $3";
        let rows = self.rows(sql, args![index, id, TEXTS_A_WEEK as i64]).await?;
        let had = rows.iter().map(|row| row.time("sent_at")).collect::<Result<Vec<_>, _>>()?;
        let (now, zone) = (self.now(), self.settings().face.zone.clone());
        let at = earliest(&had, now, &zone);
        if letter.until.is_some_and(|until| at >= until) {
            return Ok(Gate::GivenUp("too_late"));
        }
        if at > now {
            return Ok(Gate::Waits(at));
        }
        // Counted before it is handed over: what happens to a text that was cut short nobody knows.
        self.run("UPDATE text_message SET sent_at = $2 WHERE id = $1", args![id, now]).await?;
        Ok(Gate::Goes)
    }

    /// It did not go out, so it counts for nothing.
    pub(super) async fn text_came_back(&mut self, id: JobId) -> Result<(), KeepError> {
        let sql = "UPDATE text_message SET sent_at = NULL WHERE id = $1 AND sent_at IS NOT NULL";
        self.run(sql, args![id]).await.map(|_| ())
    }
}

/// Since when this number wants no texts.
pub async fn stopped(conn: &mut Conn, keep: &Keep, number: &str) -> Result<Option<UnixMillis>, KeepError> {
    let sql = "SELECT stopped_at FROM text_stop WHERE number_index = $1";
    let row = conn.row(sql, args![keep.blind(INDEX.0, INDEX.1, number)]).await?;
    row.map(|row| row.time("stopped_at")).transpose()
}

/// Whose text went to this number last: whom an answer from there speaks for.
pub async fn last_owner(conn: &mut Conn, keep: &Keep, number: &str) -> Result<Option<Owner>, KeepError> {
    let sql = "SELECT o.owner FROM text_message t JOIN outbox o ON o.id = t.id
               WHERE t.number_index = $1 AND t.reply = 0 ORDER BY o.made_at DESC LIMIT 1";
    let row = conn.row(sql, args![keep.blind(INDEX.0, INDEX.1, number)]).await?;
    row.map(|row| row.parsed("owner", Owner::parse)).transpose()
}

async fn is_stopped(conn: &mut Conn, index: Vec<u8>) -> Result<bool, KeepError> {
    Ok(conn.row("SELECT id FROM text_stop WHERE number_index = $1", args![index]).await?.is_some())
}

/// One index for both tables: a number is the same in each.
const INDEX: (&str, &str) = ("text_message", "number_index");
