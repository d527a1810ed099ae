//! Letters: what they say, what they must not say, and how they leave.

use super::*;
use crate::testing::letters::every_kind;
use crate::{Catalog, Locale};
use keep::outbox::{NO_ANSWER, NO_CONNECTION};
use keep::{Carrier, CarryError};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::timeout;
use vocabulary::{JobId, Lang};

const WHEN: UnixMillis = UnixMillis(1_795_289_400_000);
const LINK: &str = "https://practice.example/i#secret";

fn face() -> Face {
    let origin = "https://practice.example".into();
    Face { name: "Harbor Family Practice".into(), phone: "555-0142".into(), origin, ..Face::default() }
}

fn all() -> Vec<Mail<'static>> {
    every_kind(WHEN, LINK).into_iter().map(|(_, mail)| mail).collect()
}

fn to<'a>(to: &'a str, phrase: Option<&'a str>) -> Reach<'a> {
    Reach::asked_for(to, phrase, "K7QM-2XTA", false)
}

fn words(lang: Lang) -> Words {
    Catalog::new(&[]).unwrap().words(lang)
}

/// R102: words about health in a letter, or a variable that could carry them, keep the program from starting.
#[test]
fn a_letter_that_would_say_something_does_not_pass() {
    for planted in [
        "Your blood results are ready.",
        "Dr. Osei will see you.",
        "Hello { $name }, something is waiting.",
        "Your appointment for { $reason }.",
        "Sus resultados de diabetes.",
        "Your counselling session",
    ] {
        assert!(!lint("mail-planted", planted).is_empty(), "{planted}");
    }
    let planted = Locale { owner: "x", en: "mail-x = Your lab results\n", es: "mail-x = Algo espera\n" };
    assert!(Catalog::new(&[planted]).is_err());
    // Every letter there is passes, in both languages, or this would not build.
    Catalog::new(&[]).map(|_| ()).unwrap();
}

/// R105: every letter there is, a copy in plain mail too, carries the reader's own phrase, says what we never
/// ask for, and has a code with the page that tells whether it is ours and takes a report of a fake. An
/// answer to a STOP, START or HELP carries the phrase too, and so does every text (`text_tests`).
#[test]
fn every_letter_teaches_how_to_know_us() {
    let told = Some("blue kettle, Tuesday");
    let copied = Health::new("Drink water.".into());
    for lang in Lang::ALL {
        let words = words(lang);
        let (knows, new) = (to("a@example.org", told), to("a@example.org", None));
        let mut written = vec![[&knows, &new].map(|to| copy(to, &copied, &face(), &words))];
        written.extend(all().iter().map(|mail| [&knows, &new].map(|to| mail.letter(to, &face(), &words))));
        for [letter, without] in written {
            assert!(letter.text.contains("blue kettle, Tuesday"));
            assert!(letter.text.contains(&words.t("mail-never-ask")));
            assert!(
                letter.text.contains("K7QM-2XTA")
                    && letter.text.contains("https://practice.example/is-it-us")
            );
            assert!(letter.text.contains("555-0142"));
            assert!(without.text.contains(&words.t("mail-no-phrase")));
        }
        for key in ["mail-text-stopped", "mail-text-started", "mail-text-help"] {
            let said = text::answer(&to("+15550100777", told), key, ("Harbor", &face()), &words).text;
            assert!(said.contains("blue kettle, Tuesday") && text::fits(&said), "{said}");
        }
    }
}

#[test]
fn a_letter_has_no_marks_and_one_link_beside_the_one_to_check_it() {
    for lang in Lang::ALL {
        for mail in all() {
            let letter = mail.letter(&to("a@example.org", Some("kettle")), &face(), &words(lang));
            let whole = format!("{}{}", letter.subject, letter.text);
            assert!(!whole.contains(['\u{2068}', '\u{2069}', '{']), "{whole}");
            // What it is about, and the page that says whether it is from us.
            assert!(whole.matches("https://").count() <= 2);
        }
    }
    let letter = all()[0].letter(&to("a@example.org", None), &face(), &words(Lang::En));
    assert!(letter.text.contains("Saturday, November 21, 2:30\u{a0}PM"));
}

/// R102 (part: who wants nothing named gets neither the practice's name nor a time)
#[test]
fn a_bare_letter_names_nobody() {
    for lang in Lang::ALL {
        for mail in all() {
            let reach = Reach::asked_for("a@example.org", Some("blue kettle"), "K7QM-2XTA", true);
            let letter = mail.letter(&reach, &face(), &words(lang));
            let whole = format!("{}{}", letter.subject, letter.text);
            assert!(letter.bare && !whole.contains("Harbor") && !whole.contains("2:30"), "{whole}");
            assert!(whole.contains("blue kettle") && whole.contains("555-0142"));
        }
    }
}

fn event() -> Event {
    Event { id: "0198".into(), start: WHEN, minutes: 20, sequence: 1, cancelled: false }
}

#[test]
fn a_calendar_entry_holds_when_and_with_whom_and_no_link() {
    let entry = calendar(&event(), WHEN, (&face(), &words(Lang::En)));
    assert!(entry.contains("DTSTART:20261121T193000Z\r\nDTEND:20261121T195000Z\r\n"));
    assert!(entry.contains("SUMMARY:Your video visit with Harbor Family Practice\r\n"));
    assert!(!entry.contains("http"));
    assert!(entry.split("\r\n").all(|line| line.len() <= 75));
}

/// RFC 5546: the same entry with a higher number replaces it, and CANCEL takes it away.
#[test]
fn a_calendar_entry_moves_and_ends() {
    let dress = (&face(), &words(Lang::Es));
    let moved = Event { start: WHEN.plus_ms(3_600_000), sequence: 2, ..event() };
    let over = Event { sequence: 3, cancelled: true, ..moved.clone() };
    let all = [event(), moved, over].map(|event| calendar(&event, WHEN, dress));
    for (entry, sequence) in all.iter().zip(1..) {
        assert!(entry.contains("UID:0198@alcove\r\n"));
        assert!(entry.contains(&format!("SEQUENCE:{sequence}\r\n")));
        assert!(entry.contains("ORGANIZER:mailto:visits@practice.example\r\n"));
    }
    assert!(all[1].contains("METHOD:PUBLISH\r\n") && all[1].contains("DTSTART:20261121T203000Z"));
    assert!(all[2].contains("METHOD:CANCEL\r\n") && all[2].contains("STATUS:CANCELLED\r\n"));
}

#[tokio::test]
async fn mail_without_tls_stays_on_this_machine() {
    let (keep, _) = keep::testing::keep(&[]).await;
    let config = |host: &str| SmtpConfig {
        host: host.into(),
        port: 2525,
        tls: false,
        login: None,
        from: "desk@practice.example".into(),
    };
    assert!(matches!(SmtpCarrier::new(&config("mail.example.org"), keep.clone()), Err(SmtpError::Plain(_))));
    assert!(matches!(SmtpCarrier::new(&config("192.0.2.1"), keep.clone()), Err(SmtpError::Plain(_))));
    for here in ["localhost", "127.0.0.1", "::1"] {
        assert!(SmtpCarrier::new(&config(here), keep.clone()).is_ok());
    }
}

#[tokio::test]
async fn a_letter_reaches_a_mail_server_and_its_no_is_final() {
    let (keep, _) = keep::testing::keep(&[]).await;
    let job = JobId::new(WHEN, keep.entropy());
    let letter = all()[0].letter(&to("maria@example.org", None), &face(), &words(Lang::En));
    let (port, heard) = server("250 fine").await;
    assert_eq!(carrier(port, &keep).carry(job, &letter).await, Ok(()));
    let heard = heard.await.unwrap();
    assert!(heard.contains(&format!("Message-ID: <{}@practice.example>", job.text())), "{heard}");
    assert!(heard.contains("RCPT TO:<maria@example.org>"));
    assert!(heard.contains(LINK));
    let (port, _) = server("550 no such box").await;
    assert_eq!(carrier(port, &keep).carry(job, &letter).await, Err(CarryError::Never("refused")));
    let (port, _) = server("451 later").await;
    assert_eq!(carrier(port, &keep).carry(job, &letter).await, Err(CarryError::Later("not_now")));
}

/// A machine that is off answers no packet. That is told apart from a server that takes the connection and
/// says nothing: behind the first every letter waits, behind the second its own alone.
#[tokio::test]
async fn a_mail_server_that_is_off_is_not_one_that_is_silent() {
    let (keep, _) = keep::testing::keep(&[]).await;
    let letter = all()[0].letter(&to("maria@example.org", None), &face(), &words(Lang::En));
    let job = JobId::new(WHEN, keep.entropy());
    let patience = Duration::from_secs(2);
    let tried = async |at: SocketAddr| {
        let from = "desk@practice.example".into();
        let config = SmtpConfig { host: at.ip().to_string(), port: at.port(), tls: false, login: None, from };
        SmtpCarrier::with_patience(&config, keep.clone(), patience).unwrap().carry(job, &letter).await
    };
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    assert_eq!(tried(silent.local_addr().unwrap()).await, Err(CarryError::Later(NO_ANSWER)));

    // Once its queue is full the system drops what else comes, as a machine does that is off.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let off = socket.listen(0).unwrap();
    let at = off.local_addr().unwrap();
    let mut queued = Vec::new();
    while let Ok(one) = timeout(Duration::from_millis(300), TcpStream::connect(at)).await {
        queued.push(one.unwrap());
        assert!(queued.len() < 8, "the queue never gets full");
    }
    assert_eq!(tried(at).await, Err(CarryError::Later(NO_CONNECTION)));
}

#[tokio::test]
async fn the_demo_finds_its_letters_in_a_folder() {
    let (keep, _) = keep::testing::keep(&[]).await;
    let temp = keep::testing::TempFolder::new();
    let folder = temp.config().folder.join("letters");
    let job = JobId::new(WHEN, keep.entropy());
    let mut letter = all()[0].letter(&to("maria@example.org", None), &face(), &words(Lang::Es));
    letter.calendar = Some(calendar(&event(), WHEN, (&face(), &words(Lang::Es))));
    FolderCarrier::new(&folder, keep).carry(job, &letter).await.unwrap();
    let written = std::fs::read_to_string(folder.join(format!("{}.eml", job.text()))).unwrap();
    assert!(written.contains("To: maria@example.org") && written.contains("text/calendar"));
}

fn carrier(port: u16, keep: &keep::Keep) -> SmtpCarrier {
    let from = "desk@practice.example".into();
    let config = SmtpConfig { host: "127.0.0.1".into(), port, tls: false, login: None, from };
    SmtpCarrier::new(&config, keep.clone()).unwrap()
}

/// A mail server for one conversation. `verdict` answers RCPT; what it heard comes out of the task.
async fn server(verdict: &'static str) -> (u16, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let task = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let (from, mut to) = stream.into_split();
        let mut lines = BufReader::new(from).lines();
        let mut heard = String::new();
        let mut in_letter = false;
        to.write_all(b"220 here\r\n").await.unwrap();
        while let Ok(Some(line)) = lines.next_line().await {
            heard.push_str(&line);
            heard.push('\n');
            let answer = match line.split([' ', ':']).next().unwrap_or("") {
                "." => "250 taken",
                _ if in_letter => continue,
                "RCPT" => verdict,
                "DATA" => "354 go on",
                "QUIT" => "221 bye",
                _ => "250 ok",
            };
            in_letter = answer.starts_with("354");
            if to.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() || answer.starts_with("221") {
                break;
            }
            if line == "." {
                break;
            }
        }
        heard
    });
    (port, task)
}
