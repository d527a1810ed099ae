//! The TypeScript of the wire, drawn from the types, and the list of all names for the document's test.

use super::{from_page, to_page};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use ts_rs::{Config, TS, TypeVisitor};

/// Receives every message of one direction.
pub trait Bodies {
    fn body<T: TS + 'static>(&mut self, kind: &'static str);
}

/// One direction: message type to the TypeScript name of its body.
#[derive(Default)]
pub struct Direction {
    pub bodies: Vec<(&'static str, String)>,
    pub shapes: BTreeMap<String, String>,
}

pub fn from_page() -> Direction {
    let mut all = Direction::default();
    from_page::each(&mut all);
    all
}

pub fn to_page() -> Direction {
    let mut all = Direction::default();
    to_page::each(&mut all);
    all
}

/// The whole of `client/src/wire/wire.ts`.
pub fn file() -> String {
    let (from, to) = (from_page(), to_page());
    let mut out = HEAD.to_owned();
    for (name, value) in LIMITS {
        writeln!(out, "export const {name} = {value};").unwrap();
    }
    for (name, direction) in [("ClientBodies", &from), ("ServerBodies", &to)] {
        writeln!(out, "\nexport interface {name} {{").unwrap();
        for (kind, body) in &direction.bodies {
            writeln!(out, "  {kind}: {body};").unwrap();
        }
        out.push_str("}\n");
    }
    out.push_str(UNIONS);
    let shapes: BTreeMap<_, _> = from.shapes.into_iter().chain(to.shapes).collect();
    for declaration in shapes.values() {
        writeln!(out, "\nexport {declaration}").unwrap();
    }
    out
}

/// The fields of a drawn struct as `name` to `type`, or the words of a drawn enum to nothing.
pub fn parts_of(declaration: &str) -> BTreeMap<String, String> {
    let (_, body) = declaration.split_once('=').unwrap();
    let body = body.trim().trim_end_matches(';').trim();
    let Some(fields) = body.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
        return body
            .split('|')
            .map(|word| (word.trim().trim_matches('"').to_owned(), String::new()))
            .collect();
    };
    fields
        .split(", ")
        .map(|field| field.trim().trim_end_matches(','))
        .filter(|field| !field.is_empty())
        .map(|field| {
            let (name, kind) = field.split_once(": ").unwrap();
            (name.to_owned(), kind.to_owned())
        })
        .collect()
}

fn config() -> Config {
    Config::new().with_large_int("number")
}

impl Bodies for Direction {
    fn body<T: TS + 'static>(&mut self, kind: &'static str) {
        let name = T::name(&config());
        if name == "Nothing" {
            self.bodies.push((kind, T::inline(&config())));
        } else {
            self.bodies.push((kind, name));
            self.visit::<T>();
        }
    }
}

impl TypeVisitor for Direction {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if T::output_path().is_none() || self.shapes.contains_key(&T::name(&config())) {
            return;
        }
        self.shapes.insert(T::name(&config()), T::decl(&config()));
        T::visit_dependencies(self);
    }
}

const LIMITS: [(&str, usize); 6] = [
    ("VERSION", super::VERSION as usize),
    ("FRAME_BYTES", super::FRAME_BYTES),
    ("SDP_BYTES", super::SDP_BYTES),
    ("SAY_CHARS", super::SAY_CHARS),
    ("BLOB_BYTES", super::BLOB_BYTES),
    ("TOKEN_CHARS", super::TOKEN_CHARS),
];

const HEAD: &str = "\
// The wire between this page and the server, as docs/protocol.md tells it. Types and limits only.
// Drawn from crates/visit/src/during/wire: change it there, then ALCOVE_ACCEPT=1 cargo test -p visit wire

export type Lang = \"en\" | \"es\";

";

const UNIONS: &str = "
export type ClientType = keyof ClientBodies;
export type ServerType = keyof ServerBodies;

export interface Envelope<Type extends string, Body> {
  v: 1;
  seq: number;
  type: Type;
  body: Body;
}
export type ServerMessage = { [T in ServerType]: { type: T; body: ServerBodies[T] } }[ServerType];
";
