//! Argon2id, always one hash for one try, away from the threads that serve pages.
//!
//! Refuses to tell by its time whether there is a password to compare with: without one it works on a hash of
//! its own that nothing matches.

use argon2::password_hash::{PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, PasswordHash, Version};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::Semaphore;
use vocabulary::Entropy;
use web::Failure;
use zeroize::Zeroizing;

/// 64 MiB, three passes: above the floor of RFC 9106 section 4 for a server that does little of it. Less
/// makes guessing a stolen hash cheaper, more makes a sign-in slow.
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;

/// Hashes at once: each takes a core and its memory. The others wait their turn.
const AT_ONCE: usize = 2;

/// Tries that may wait for their turn. Beyond it the answer is "busy".
const WAITING_MAX: u64 = 40;

/// Plugged into the site: `ctx.plugged::<Hasher>()`.
pub struct Hasher {
    turns: Arc<Semaphore>,
    waiting: AtomicU64,
    nobodys: String,
    /// Hashes computed so far: tests count them.
    done: Arc<AtomicU64>,
}

impl Hasher {
    /// Computes one hash, so that the first sign-in is no slower than the next.
    pub fn new(entropy: &dyn Entropy) -> Hasher {
        let mut nobody = [0; 16];
        entropy.fill(&mut nobody);
        let never: String = nobody.iter().map(|byte| format!("{byte:02x}")).collect();
        Hasher {
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            waiting: AtomicU64::new(0),
            nobodys: hash(&never, entropy),
            done: Arc::default(),
        }
    }

    /// The text that is kept: algorithm, cost, salt and hash (the PHC string format).
    pub async fn hash(&self, password: &str, entropy: &dyn Entropy) -> Result<Zeroizing<String>, Failure> {
        let salt = salt(entropy);
        let password = Zeroizing::new(password.to_owned());
        self.turn(move || Zeroizing::new(hash_with(&password, &salt))).await
    }

    /// Whether it is the password. Costs the same when there is none to compare with.
    pub async fn matches(&self, password: &str, kept: Option<Zeroizing<String>>) -> Result<bool, Failure> {
        let (there, kept) = match kept {
            Some(kept) => (true, kept),
            None => (false, Zeroizing::new(self.nobodys.clone())),
        };
        let password = Zeroizing::new(password.to_owned());
        let right = self.turn(move || {
            let Ok(kept) = PasswordHash::new(&kept) else { return false };
            argon2().verify_password(password.as_bytes(), &kept).is_ok()
        });
        Ok(right.await? && there)
    }

    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    async fn turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
        if self.waiting.fetch_add(1, Ordering::Relaxed) >= WAITING_MAX {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            return Err(Failure::Busy);
        }
        let turn = self.turns.clone().acquire_owned().await;
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        let turn = turn.map_err(|_| Failure::Busy)?;
        let done = self.done.clone();
        let work = tokio::task::spawn_blocking(move || {
            let answer = work();
            done.fetch_add(1, Ordering::Relaxed);
            drop(turn);
            answer
        });
        work.await.map_err(|_| Failure::broken("a hash did not come to its end"))
    }
}

fn hash(password: &str, entropy: &dyn Entropy) -> String {
    hash_with(password, &salt(entropy))
}

fn hash_with(password: &str, salt: &SaltString) -> String {
    let hash = argon2().hash_password(password.as_bytes(), salt);
    hash.expect("the cost and the salt are within Argon2's limits").to_string()
}

fn salt(entropy: &dyn Entropy) -> SaltString {
    let mut bytes = [0; 16];
    entropy.fill(&mut bytes);
    SaltString::encode_b64(&bytes).expect("16 bytes are a salt")
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).expect("the cost is within Argon2's limits");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}
