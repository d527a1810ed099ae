//! One signer and one group by openmls, in the same narrow profile as the client. Owns the calls into it;
//! refuses to act without a leaf key or a group. Keys live in memory and die with the process.

use crate::Outcome;
use openmls::prelude::tls_codec::{Deserialize, Serialize};
use openmls::prelude::*;
use openmls_basic_credential::SignatureKeyPair;
use openmls_rust_crypto::OpenMlsRustCrypto;
use std::fmt::Debug;

const SUITE: Ciphersuite = Ciphersuite::MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
/// The charter of the visit in the group info of a Welcome.
const CHARTER: u16 = 0xf0a1;
const LIFETIME_S: u64 = 3600;

#[derive(Default)]
pub struct Member {
    provider: OpenMlsRustCrypto,
    signer: Option<SignatureKeyPair>,
    group: Option<MlsGroup>,
}

pub struct Leaf {
    pub leaf: u32,
    /// The MLS signature key.
    pub key: Vec<u8>,
    pub identity: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub group: Vec<u8>,
    pub epoch: u64,
    pub own: u32,
}

impl Member {
    /// A fresh leaf signature key; its public half.
    pub fn new_leaf_key(&mut self) -> Outcome<Vec<u8>> {
        let signer = SignatureKeyPair::new(SUITE.signature_algorithm()).map_err(told)?;
        signer.store(self.provider.storage()).map_err(told)?;
        let public = signer.public().to_vec();
        self.signer = Some(signer);
        Ok(public)
    }

    /// The message, and the reference that a Welcome is addressed to (RFC 9420 section 5.2).
    pub fn key_package(&self, identity: Vec<u8>, now_s: u64) -> Outcome<(Vec<u8>, Vec<u8>)> {
        let signer = self.signer.as_ref().ok_or("no leaf key")?;
        let bundle = KeyPackage::builder()
            .leaf_node_capabilities(capabilities())
            .key_package_lifetime(lifetime(now_s))
            .build(SUITE, &self.provider, signer, credential(identity, signer))
            .map_err(told)?;
        let reference = bundle.key_package().hash_ref(self.provider.crypto()).map_err(told)?;
        let message = written(&MlsMessageOut::from(bundle.key_package().clone()))?;
        Ok((message, reference.as_slice().to_vec()))
    }

    /// A group of one.
    pub fn found(&mut self, id: &[u8], identity: Vec<u8>, now_s: u64) -> Outcome<()> {
        let signer = self.signer.as_ref().ok_or("no leaf key")?;
        let group = MlsGroup::builder()
            .with_group_id(GroupId::from_slice(id))
            .ciphersuite(SUITE)
            .with_wire_format_policy(PURE_CIPHERTEXT_WIRE_FORMAT_POLICY)
            .use_ratchet_tree_extension(true)
            .with_capabilities(capabilities())
            .lifetime(lifetime(now_s))
            .build(&self.provider, signer, credential(identity, signer))
            .map_err(told)?;
        self.group = Some(group);
        Ok(())
    }

    pub fn join(&mut self, message: &[u8]) -> Outcome<()> {
        let MlsMessageBodyIn::Welcome(welcome) = read(message)?.extract() else {
            return Err("this is no Welcome".into());
        };
        let config = MlsGroupJoinConfig::builder()
            .wire_format_policy(PURE_CIPHERTEXT_WIRE_FORMAT_POLICY)
            .use_ratchet_tree_extension(true)
            .build();
        let staged = StagedWelcome::new_from_welcome(&self.provider, &config, welcome, None).map_err(told)?;
        self.group = Some(staged.into_group(&self.provider).map_err(told)?);
        Ok(())
    }

    /// `commit` and the authenticated data, or `note`, the sender's leaf and what was said.
    pub fn apply(&mut self, message: &[u8]) -> Outcome<String> {
        let group = self.group.as_mut().ok_or("no group")?;
        let message = read(message)?.try_into_protocol_message().map_err(told)?;
        let processed = group.process_message(&self.provider, message).map_err(told)?;
        let authenticated = hex::encode(processed.aad());
        let Sender::Member(sender) = *processed.sender() else {
            return Err("the sender is no member".into());
        };
        match processed.into_content() {
            ProcessedMessageContent::StagedCommitMessage(commit) => {
                group.merge_staged_commit(&self.provider, *commit).map_err(told)?;
                Ok(format!("commit {authenticated}"))
            }
            ProcessedMessageContent::ApplicationMessage(note) => {
                Ok(format!("note {} {}", sender.u32(), hex::encode(note.into_bytes())))
            }
            _ => Err("neither a commit nor a note".into()),
        }
    }

    /// `gone`, or exporter, authenticator, epoch, and per leaf its index, signature key and identity.
    pub fn state(&self) -> Outcome<String> {
        let group = self.group.as_ref().ok_or("no group")?;
        if !group.is_active() {
            return Ok("gone".into());
        }
        let key = self.media_key()?;
        let authenticator = hex::encode(group.epoch_authenticator().as_slice());
        let mut said = format!("{} {authenticator} {}", hex::encode(key), group.epoch().as_u64());
        for Leaf { leaf, key, identity } in self.leaves()? {
            said.push_str(&format!(" {leaf}:{}:{}", hex::encode(key), hex::encode(identity)));
        }
        Ok(said)
    }

    /// The base key of this epoch's frames (RFC 9605 section 5.2).
    pub fn media_key(&self) -> Outcome<Vec<u8>> {
        let group = self.group.as_ref().ok_or("no group")?;
        group.export_secret(self.provider.crypto(), "SFrame 1.0 Base Key", b"", 16).map_err(told)
    }

    pub fn leaves(&self) -> Outcome<Vec<Leaf>> {
        let group = self.group.as_ref().ok_or("no group")?;
        let leaf = |member: openmls::group::Member| Leaf {
            leaf: member.index.u32(),
            key: member.signature_key,
            identity: member.credential.serialized_content().to_vec(),
        };
        Ok(group.members().map(leaf).collect())
    }

    /// Group, epoch and own leaf; `None` outside a group.
    pub fn place(&self) -> Option<Place> {
        let group = self.group.as_ref().filter(|group| group.is_active())?;
        Some(Place {
            group: group.group_id().as_slice().to_vec(),
            epoch: group.epoch().as_u64(),
            own: group.own_leaf_index().u32(),
        })
    }

    pub fn say(&mut self, body: &[u8]) -> Outcome<Vec<u8>> {
        let signer = self.signer.as_ref().ok_or("no leaf key")?;
        let group = self.group.as_mut().ok_or("no group")?;
        written(&group.create_message(&self.provider, signer, body).map_err(told)?)
    }

    /// A commit with a path that removes leaves, adds a newcomer, does both or neither; the Welcome is empty
    /// when nobody comes. It waits for `merge`.
    pub fn commit(
        &mut self,
        charter: Vec<u8>,
        leaves: &[u32],
        newcomer: Option<&[u8]>,
    ) -> Outcome<(Vec<u8>, Vec<u8>)> {
        let signer = self.signer.as_ref().ok_or("no leaf key")?;
        let group = self.group.as_mut().ok_or("no group")?;
        group.set_aad(charter.clone());
        let removals = leaves.iter().map(|leaf| LeafNodeIndex::new(*leaf));
        let mut builder = group.commit_builder().propose_removals(removals);
        if let Some(bytes) = newcomer {
            let MlsMessageBodyIn::KeyPackage(bundle) = read(bytes)?.extract() else {
                return Err("this is no key package".into());
            };
            let bundle = bundle.validate(self.provider.crypto(), ProtocolVersion::Mls10).map_err(told)?;
            builder = builder.propose_adds([bundle]);
        }
        let extension = Extension::Unknown(CHARTER, UnknownExtension(charter));
        let bundle = builder
            .force_self_update(true)
            .load_psks(self.provider.storage())
            .map_err(told)?
            .use_ratchet_tree_extension(true)
            .create_group_info_with_extensions([extension])
            .map_err(told)?
            .build(self.provider.rand(), self.provider.crypto(), signer, |_| true)
            .map_err(told)?
            .stage_commit(&self.provider)
            .map_err(told)?;
        let (commit, welcome, _) = bundle.into_contents();
        let welcome = match welcome {
            Some(welcome) => written(&MlsMessageOut::from_welcome(welcome, ProtocolVersion::Mls10))?,
            None => Vec::new(),
        };
        Ok((written(&commit)?, welcome))
    }

    pub fn merge(&mut self) -> Outcome<()> {
        let group = self.group.as_mut().ok_or("no group")?;
        group.merge_pending_commit(&self.provider).map_err(told)
    }
}

/// Nothing optional, nothing random: what the client says of itself.
fn capabilities() -> Capabilities {
    let versions = [ProtocolVersion::Mls10];
    Capabilities::new(Some(&versions), Some(&[SUITE]), None, None, Some(&[CredentialType::Basic]))
}

fn lifetime(now_s: u64) -> Lifetime {
    Lifetime::init(now_s.saturating_sub(LIFETIME_S), now_s.saturating_add(LIFETIME_S))
}

fn credential(identity: Vec<u8>, signer: &SignatureKeyPair) -> CredentialWithKey {
    let credential = BasicCredential::new(identity).into();
    CredentialWithKey { credential, signature_key: signer.public().into() }
}

fn read(bytes: &[u8]) -> Outcome<MlsMessageIn> {
    MlsMessageIn::tls_deserialize_exact(bytes).map_err(told)
}

fn written(message: &MlsMessageOut) -> Outcome<Vec<u8>> {
    message.tls_serialize_detached().map_err(told)
}

fn told(why: impl Debug) -> String {
    format!("{why:?}")
}
