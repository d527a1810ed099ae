//! Where a member of staff signed in from: shown to them alone, so that a session of somebody else stands out
//! (R10). Sealed: an address says where a person is.

use keep::trail::Caller;
use keep::{KeepError, Owner, Place, Tx, Viewing, args};
use policy::Access;
use vocabulary::{PersonId, SessionId};

const FIRST: i64 = 1;
/// A browser's own line about itself is cut to this.
const DEVICE_CHARS: usize = 300;

pub(super) async fn put(tx: &mut Tx, session: SessionId) -> Result<(), KeepError> {
    let Caller { address, device } = Caller::here();
    let address = address.map(|address| address.to_string()).unwrap_or_default();
    let device: String = device.chars().filter(|c| !c.is_control()).take(DEVICE_CHARS).collect();
    let place = tx.seal_text(&place(&session.text()), &format!("{address}\n{device}"))?;
    tx.run(
        "INSERT INTO session_origin (session, place, version) VALUES ($1, $2, $3)",
        args![session, place, FIRST],
    )
    .await?;
    Ok(())
}

/// Each running session of this person with its browser and address, as far as they are known.
pub async fn origins(
    open: &mut Viewing,
    access: &Access,
    person: PersonId,
) -> Result<Vec<(SessionId, String)>, KeepError> {
    let rows = open
        .rows(
            "SELECT o.session, o.place FROM session_origin o JOIN session s ON s.id = o.session
             WHERE s.person = $1 AND s.ended_at IS NULL ORDER BY o.session",
            args![person],
        )
        .await?;
    let mut all = Vec::new();
    for row in &rows {
        let session = row.parsed("session", SessionId::parse)?;
        let text = open.unseal_text(access, &place(&session.text()), row.blob("place")?)?;
        let (address, device) = text.reveal().split_once('\n').unwrap_or_default();
        let known = [browser(device), address.to_owned()].into_iter().filter(|part| !part.is_empty());
        all.push((session, known.collect::<Vec<_>>().join(", ")));
    }
    Ok(all)
}

/// What a browser's line says in words a person knows: `Chrome, Windows`. Both are names, the same in every
/// language. Order matters: most browsers also claim to be others.
fn browser(line: &str) -> String {
    let first = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| line.contains(mark)).map(|(_, name)| *name)
    };
    let program = first(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS", "Firefox"),
        ("CriOS", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("CrOS", "ChromeOS"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ]);
    program.into_iter().chain(system).collect::<Vec<_>>().join(", ")
}

fn place(row: &str) -> Place<'_> {
    Place { table: "session_origin", column: "place", row, version: FIRST, owner: Owner::Practice }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_browsers_line_becomes_two_names() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                    Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0";
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 \
                     (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1";
        for (line, name) in [(edge, "Edge, Windows"), (phone, "Safari, iPhone"), ("curl/8", ""), ("", "")] {
            assert_eq!(super::browser(line), name, "{line}");
        }
    }
}
