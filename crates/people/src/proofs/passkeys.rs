//! Passkey ceremonies (W3C Web Authentication Level 3): what the browser is asked, and whether it answered.
//!
//! User verification is always required, so a passkey is two factors at once. A ceremony is answered once, by
//! the session that began it, within minutes. Nothing is kept of one that was not finished.

use crate::waiting::Waiting;
use vocabulary::{Entropy, MINUTE_MS, UnixMillis};
use web::Failure;
use webauthn_rs::prelude::{
    CredentialID, DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Url, Uuid, Webauthn, WebauthnBuilder,
};

/// A person needs this long at most to find the key and touch it.
const OPEN_MS: i64 = 5 * MINUTE_MS;

/// Plugged into the site: `ctx.plugged::<Ceremonies>()`.
pub struct Ceremonies(Waiting<What>);

enum What {
    Register([u8; 16], PasskeyRegistration),
    SignIn(DiscoverableAuthentication),
}

/// What the page's script hands to the browser, with the number that the answer must carry.
#[derive(serde::Serialize)]
pub struct Asked {
    ceremony: String,
    #[serde(rename = "publicKey")]
    public_key: serde_json::Value,
}

/// Where and when a ceremony takes place.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// The practice's own address: the relying party is its host.
    pub origin: &'a str,
    pub practice: &'a str,
    pub now: UnixMillis,
    pub entropy: &'a dyn Entropy,
}

/// Whose passkey is to be made.
pub struct Owner<'a> {
    /// The bytes of a random id: of a member of staff, or of a patient.
    pub who: [u8; 16],
    pub email: &'a str,
    pub name: &'a str,
    /// Credentials of this person: the same key is not taken twice.
    pub has: Vec<CredentialID>,
}

impl Default for Ceremonies {
    fn default() -> Ceremonies {
        Ceremonies(Waiting::for_ms(OPEN_MS))
    }
}

impl Ceremonies {
    pub fn ask_for_new(&self, scene: Scene<'_>, owner: Owner<'_>) -> Result<Asked, Failure> {
        let id = Uuid::from_bytes(owner.who);
        let begun = webauthn(scene)?.start_passkey_registration(id, owner.email, owner.name, Some(owner.has));
        let (options, state) = begun.map_err(|_| Failure::broken("a passkey ceremony did not begin"))?;
        let mut public_key = as_json(&options.public_key)?;
        // Found by the device itself, so that nobody types a name to sign in.
        public_key["authenticatorSelection"]["residentKey"] = "required".into();
        public_key["authenticatorSelection"]["requireResidentKey"] = true.into();
        let ceremony = self.0.put(scene.now, scene.entropy, What::Register(owner.who, state));
        Ok(Asked { ceremony, public_key })
    }

    /// The new passkey, if the browser made it in this ceremony and for this person.
    pub fn made(
        &self,
        scene: Scene<'_>,
        who: [u8; 16],
        (ceremony, answer): (&str, &str),
    ) -> Result<Passkey, Failure> {
        let Some(What::Register(of, state)) = self.0.take(scene.now, ceremony) else { return Err(over()) };
        let answer: RegisterPublicKeyCredential =
            serde_json::from_str(answer).map_err(|_| Failure::BadInput)?;
        if of != who {
            return Err(over());
        }
        webauthn(scene)?.finish_passkey_registration(&answer, &state).map_err(|_| refused())
    }

    pub fn ask_who(&self, scene: Scene<'_>) -> Result<Asked, Failure> {
        let begun = webauthn(scene)?.start_discoverable_authentication();
        let (options, state) = begun.map_err(|_| Failure::broken("a passkey ceremony did not begin"))?;
        let public_key = as_json(&options.public_key)?;
        Ok(Asked { ceremony: self.0.put(scene.now, scene.entropy, What::SignIn(state)), public_key })
    }

    /// Takes the ceremony and reads the answer; `Answer::credential` says which passkey to look up.
    pub fn answered(&self, now: UnixMillis, ceremony: &str, answer: &str) -> Result<Answer, Failure> {
        let Some(What::SignIn(state)) = self.0.take(now, ceremony) else { return Err(over()) };
        let answer: PublicKeyCredential = serde_json::from_str(answer).map_err(|_| Failure::BadInput)?;
        Ok(Answer { answer, state })
    }
}

/// A browser's answer, not yet believed.
pub struct Answer {
    answer: PublicKeyCredential,
    state: DiscoverableAuthentication,
}

impl Answer {
    pub fn credential(&self) -> &[u8] {
        self.answer.get_credential_id()
    }

    /// Whether this passkey signed this ceremony with its user verified. Its counter moves on; one that went
    /// back may be a copy, and is refused (section 7.2, step 22).
    pub fn comes_from(self, scene: Scene<'_>, passkey: &mut Passkey) -> Result<bool, Failure> {
        let ended =
            webauthn(scene)?.finish_discoverable_authentication_v2(&self.answer, self.state, &*passkey);
        let Ok(result) = ended else { return Ok(false) };
        passkey.update_credential(&result);
        Ok(result.user_verified())
    }
}

fn webauthn(scene: Scene<'_>) -> Result<Webauthn, Failure> {
    let origin = Url::parse(scene.origin).map_err(|_| Failure::broken("the practice's address is none"))?;
    let host = origin.host_str().unwrap_or_default().to_owned();
    let built = WebauthnBuilder::new(&host, &origin).and_then(|it| it.rp_name(scene.practice).build());
    built.map_err(|_| Failure::broken("passkeys need a host name in the practice's address"))
}

fn as_json(options: &impl serde::Serialize) -> Result<serde_json::Value, Failure> {
    serde_json::to_value(options).map_err(|_| Failure::broken("passkey options that JSON cannot hold"))
}

fn over() -> Failure {
    Failure::told(axum::http::StatusCode::GONE, "passkey-over")
}

fn refused() -> Failure {
    Failure::told(axum::http::StatusCode::UNPROCESSABLE_ENTITY, "passkey-refused")
}
