//! One person's stay in a visit, from ticket to the end: waits, knocks, joins, and sends back what it sees
//! and hears, sealed anew under its own keys. Whoever looks at it sees themselves, and only if both
//! directions of both protocols are right.

use crate::Outcome;
use crate::bytes::Writer;
use crate::door::{self, Doorstep, Heard, Joiner};
use crate::frames::{Codec, Frames};
use crate::identity::{self, IdentityKey};
use crate::media::{Arrived, Media, TURN_EVERY, now};
use crate::member::Member;
use crate::wire::{self, Wire};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

pub struct Page {
    wire: Wire,
    key: IdentityKey,
    member: Member,
    doorstep: Option<Doorstep>,
    frames: Frames,
    media: Option<Media>,
    /// Send under this epoch from then on.
    switch: Option<(u64, Instant)>,
    /// The leaf whose frames go back.
    mirrored: Option<u64>,
    admitted: bool,
    counts: Counts,
    seconds: u64,
}

#[derive(Default)]
struct Counts {
    opened_audio: u64,
    opened_video: u64,
    sent_audio: u64,
    sent_video: u64,
    /// Frames that did not open.
    refused: u64,
}

impl Page {
    pub async fn open(origin: &str, ticket: &str) -> Outcome<Page> {
        let mut wire = Wire::open(origin).await?;
        wire.say("hello", json!({ "ticket": ticket })).await?;
        Ok(Page {
            wire,
            key: IdentityKey::new()?,
            member: Member::default(),
            doorstep: None,
            frames: Frames::default(),
            media: None,
            switch: None,
            mirrored: None,
            admitted: false,
            counts: Counts::default(),
            seconds: 0,
        })
    }

    /// Until the visit is over for us or the time is. `tell` gets one object per thing that happens.
    pub async fn stay(&mut self, longest: Duration, tell: &mut dyn FnMut(Value)) -> Outcome<()> {
        let started = now();
        loop {
            tokio::select! {
                message = self.wire.next() => {
                    let Some((kind, body)) = message? else { return Ok(()) };
                    if self.handle(&kind, &body, tell).await? {
                        tell(json!({ "over": kind }));
                        return Ok(());
                    }
                }
                () = tokio::time::sleep(TURN_EVERY) => {}
            }
            self.turn()?;
            let elapsed = now().duration_since(started);
            if elapsed > longest {
                self.wire.say("leave", json!({})).await?;
                return Ok(());
            }
            if elapsed.as_secs() > self.seconds {
                self.seconds = elapsed.as_secs();
                self.each_second(tell).await?;
            }
        }
    }

    /// True when there is nothing to come after this message.
    async fn handle(&mut self, kind: &str, body: &Value, tell: &mut dyn FnMut(Value)) -> Outcome<bool> {
        match kind {
            "welcome" => self.knock(body).await?,
            "door" => self.at_the_door(body, tell).await?,
            "admitted" => {
                self.admitted = true;
                tell(json!({ "admitted": true }));
            }
            "welcome_in" => self.join(&wire::bytes(body, "blob")?, tell).await?,
            "answer" => {
                let sdp = body["sdp"].as_str().ok_or("an answer without sdp")?;
                self.media.as_mut().ok_or("an answer to nothing")?.answered(sdp)?;
                self.wire.say("media", json!({ "mic": true, "camera": true })).await?;
            }
            "sealed" => self.follow(body, tell).await?,
            // Notes that are not for us, or not yet: a page would show some of them.
            "note" => drop(self.member.apply(&wire::bytes(body, "blob")?)),
            "problem" => tell(json!({ "problem": body["type"] })),
            "returned" | "removed" | "left" | "ended" => return Ok(true),
            _ => {}
        }
        Ok(false)
    }

    async fn knock(&mut self, welcome: &Value) -> Outcome<()> {
        let text = |value: &Value| value.as_str().map(str::to_owned).ok_or("welcome lacks a word");
        let (visit, role, name) =
            (text(&welcome["visit"]["id"])?, text(&welcome["role"])?, text(&welcome["name"])?);
        let leaf_key = self.member.new_leaf_key()?;
        let credential = self.key.credential(&visit, &role, &name, &leaf_key)?;
        let (message, reference) = self.member.key_package(credential, unix_seconds())?;
        let identity = self.key.public().to_vec();
        let doorstep = Doorstep::new(Joiner { visit, identity, leaf_key, key_package: reference })?;
        let knock = doorstep.knock(&message);
        self.doorstep = Some(doorstep);
        self.wire.say("knock", json!({ "blob": wire::payload(&knock) })).await
    }

    async fn at_the_door(&mut self, body: &Value, tell: &mut dyn FnMut(Value)) -> Outcome<()> {
        let doorstep = self.doorstep.as_mut().ok_or("an answer to no knock")?;
        match doorstep.heard(&wire::bytes(body, "blob")?)? {
            Heard::Opening(opening) => {
                tell(json!({ "digits": doorstep.digits() }));
                let answer = json!({ "to": body["from"], "blob": wire::payload(&opening) });
                self.wire.say("door", answer).await
            }
            Heard::Again => Err("the host wants another knock, which this participant does not have".into()),
        }
    }

    /// Into the group that the digits are about, and no other.
    async fn join(&mut self, parcel: &[u8], tell: &mut dyn FnMut(Value)) -> Outcome<()> {
        let host = self.doorstep.as_ref().and_then(Doorstep::host).ok_or("a Welcome without digits")?.clone();
        self.member.join(door::welcome(parcel)?)?;
        let place = self.member.place().ok_or("no place in the group")?;
        let leaves = self.member.leaves()?;
        let there = leaves.iter().find(|leaf| leaf.key == host.leaf_key).ok_or("the host is not in it")?;
        let known = identity::read(&there.identity, &there.key)?;
        if place.group != host.group || known.key != host.identity || known.role != "host" {
            return Err("this is not the group that the digits are about".into());
        }
        tell(json!({ "joined": place.epoch, "host": known.name }));
        self.install(true).await?;
        self.wire.say("log", json!({ "after": place.epoch })).await?;
        let (media, sdp) = Media::offer(SLOTS_PER_KIND)?;
        self.media = Some(media);
        self.wire.say("offer", json!({ "sdp": sdp })).await
    }

    /// The next commit of the log. What is behind our own epoch is old news.
    async fn follow(&mut self, body: &Value, tell: &mut dyn FnMut(Value)) -> Outcome<()> {
        let Some(place) = self.member.place() else { return Ok(()) };
        if body["epoch"].as_u64() != Some(place.epoch) {
            return Ok(());
        }
        let before = self.member.leaves()?.len();
        self.member.apply(&wire::bytes(body, "commit")?)?;
        let Some(place) = self.member.place() else {
            tell(json!({ "outside": true }));
            return Ok(());
        };
        tell(json!({ "epoch": place.epoch }));
        self.install(self.member.leaves()?.len() < before).await
    }

    /// Receives under the new keys at once; sends under them at once when somebody is gone or nothing was
    /// sent before, and a second later otherwise, so that everybody has them.
    async fn install(&mut self, at_once: bool) -> Outcome<()> {
        let place = self.member.place().ok_or("no place in the group")?;
        self.frames.install(place.epoch, u64::from(place.own), self.member.media_key()?);
        let wait = if at_once { Duration::ZERO } else { SWITCH_AFTER };
        self.switch = Some((place.epoch, now() + wait));
        let plain = Writer::default().u8(INSTALLED).raw(&8u32.to_be_bytes()).u64(place.epoch).done();
        let mut block = vec![0; NOTE_BLOCK];
        block[..plain.len()].copy_from_slice(&plain);
        let note = self.member.say(&block)?;
        self.wire.say("note", json!({ "blob": wire::payload(&note) })).await
    }

    fn turn(&mut self) -> Outcome<()> {
        if let Some((epoch, _)) = self.switch.take_if(|(_, at)| now() >= *at) {
            self.frames.switch_to(epoch);
        }
        let Some(media) = &mut self.media else { return Ok(()) };
        let arrived = media.turn()?;
        if std::mem::take(&mut media.key_frame_wanted) {
            media.ask_for_key_frames();
        }
        for frame in arrived {
            self.mirror(frame)?;
        }
        Ok(())
    }

    fn mirror(&mut self, Arrived { codec, time, bytes }: Arrived) -> Outcome<()> {
        let Ok(opened) = self.frames.open(codec, &bytes) else {
            self.counts.refused += 1;
            return Ok(());
        };
        let (opened_count, sent_count) = match codec {
            Codec::Opus => (&mut self.counts.opened_audio, &mut self.counts.sent_audio),
            Codec::Vp8 => (&mut self.counts.opened_video, &mut self.counts.sent_video),
        };
        *opened_count += 1;
        if *self.mirrored.get_or_insert(opened.leaf) != opened.leaf {
            return Ok(());
        }
        let Some(media) = &mut self.media else { return Ok(()) };
        if let Ok(sealed) = self.frames.seal(codec, &opened.plain) {
            media.send(codec, time, sealed)?;
            *sent_count += 1;
        }
        Ok(())
    }

    async fn each_second(&mut self, tell: &mut dyn FnMut(Value)) -> Outcome<()> {
        if self.seconds.is_multiple_of(ALIVE_EVERY_S) {
            self.wire.say("alive", json!({})).await?;
        }
        let Some(media) = &mut self.media else { return Ok(()) };
        if self.counts.opened_video == 0 {
            media.ask_for_key_frames();
        }
        let Counts { opened_audio, opened_video, sent_audio, sent_video, refused } = self.counts;
        tell(json!({
            "connected": media.connected,
            "opened": { "audio": opened_audio, "video": opened_video },
            "sent": { "audio": sent_audio, "video": sent_video },
            "refused": refused,
        }));
        Ok(())
    }
}

#[expect(clippy::disallowed_methods, reason = "a program of its own, at the edge: it has a real clock")]
fn unix_seconds() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.unwrap_or_default().as_secs()
}

const SLOTS_PER_KIND: usize = 7;
const SWITCH_AFTER: Duration = Duration::from_secs(1);
const ALIVE_EVERY_S: u64 = 10;
const NOTE_BLOCK: usize = 256;
/// The kind of a note that says "I have these keys".
const INSTALLED: u8 = 4;
