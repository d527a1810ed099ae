//! Somebody in a visit who is not our client: openmls for the keys, the `sframe` crate for the frames, str0m
//! for the media, and what `docs/protocol.md` says for the rest. Shares no code with the program, so that the
//! description is what is tested. Follows a group and founds none; refuses nothing that only a person's page
//! has to refuse (`client/src/secrecy/rules.ts`). Never part of the product.

pub mod bytes;
pub mod door;
pub mod frames;
pub mod identity;
pub mod media;
pub mod member;
pub mod page;
pub mod wire;

/// Why not, in words: for a log and a test, never for a person.
pub type Outcome<T> = Result<T, String>;
