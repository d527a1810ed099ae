//! One member of a group, played by openmls, driven over standard input: a line is a word and its arguments
//! in hex; the answer is one line, `+` and what came of it or `-` and why not. Owns the reading of lines;
//! refuses unknown words. Never part of the product: only the random scripts of `cargo xtask differential`
//! talk to it.

use participant::Outcome;
use participant::member::Member;
use std::io::{BufRead, Write};

fn main() -> std::io::Result<()> {
    let mut member = Member::default();
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        match answer(&mut member, &line?) {
            Ok(said) => writeln!(out, "+{said}")?,
            Err(why) => writeln!(out, "-{}", why.replace('\n', " "))?,
        }
        out.flush()?;
    }
    Ok(())
}

fn answer(member: &mut Member, line: &str) -> Outcome<String> {
    let mut words = line.split(' ');
    let word = words.next().unwrap_or_default();
    match word {
        "new" => member.new_leaf_key().map(hex::encode),
        "kp" => {
            let identity = bytes(words.next())?;
            member.key_package(identity, number(words.next())?).map(|(message, _)| hex::encode(message))
        }
        "found" => {
            let (id, identity) = (bytes(words.next())?, bytes(words.next())?);
            member.found(&id, identity, number(words.next())?).map(|()| String::new())
        }
        "join" => member.join(&bytes(words.next())?).map(|()| String::new()),
        "apply" => member.apply(&bytes(words.next())?),
        "state" => member.state(),
        "say" => member.say(&bytes(words.next())?).map(hex::encode),
        "commit" => {
            let charter = bytes(words.next())?;
            let leaves = leaves(words.next())?;
            let newcomer = words.next().map(|word| bytes(Some(word))).transpose()?;
            let (commit, welcome) = member.commit(charter, &leaves, newcomer.as_deref())?;
            Ok(format!("{} {}", hex::encode(commit), hex::encode(welcome)))
        }
        "merge" => member.merge().map(|()| String::new()),
        _ => Err(format!("no such word: {word}")),
    }
}

fn bytes(word: Option<&str>) -> Outcome<Vec<u8>> {
    hex::decode(word.unwrap_or_default()).map_err(|why| why.to_string())
}

fn number<N: std::str::FromStr>(word: Option<&str>) -> Outcome<N> {
    word.unwrap_or_default().parse().map_err(|_| "a number is missing".to_string())
}

/// `-`, or numbers with commas.
fn leaves(word: Option<&str>) -> Outcome<Vec<u32>> {
    match word {
        None | Some("-") => Ok(Vec::new()),
        Some(listed) => listed.split(',').map(|leaf| number(Some(leaf))).collect(),
    }
}
