//! Which act a change of an account is, and what a new account needs. Pure.

use super::{Person, State};
use crate::proofs::rules::is_email;
use policy::Act;
use std::collections::BTreeMap;
use vocabulary::{Lang, PersonId, Role, Roles};

pub const NAME_MAX: usize = 120;
/// A reason in a line.
const WHY_MAX: usize = 200;

/// Owner, administrator and officials are the owner's to invite and to suspend.
pub fn is_official(roles: Roles) -> bool {
    roles.has_any(&[Role::Owner, Role::Administrator, Role::PrivacyOfficial, Role::SecurityOfficial])
}

pub fn act_to_invite(roles: Roles) -> Act {
    if is_official(roles) { Act::InviteOfficial } else { Act::InviteStaff }
}

pub fn act_to_suspend(roles: Roles) -> Act {
    if is_official(roles) { Act::SuspendOfficial } else { Act::SuspendStaff }
}

/// Nobody says of their own roles that they are still needed while a colleague could (R12).
pub fn may_confirm(all: &[Person], whose: &Person, by: PersonId) -> bool {
    let could = |one: &&Person| {
        let needs = if is_official(whose.roles) { Role::Owner } else { Role::Administrator };
        one.id != whose.id && one.state == State::Active && one.roles.has(needs)
    };
    whose.id != by || !all.iter().any(|one| could(&one))
}

/// Whether a name or an address is that of a desk, a role or a mailbox that several people read: every act
/// must be one person's (45 CFR 164.312(a)(2)(i), R10; RFC 2142 names some of the mailboxes).
pub fn is_shared(name: &str, email: &str, practice: &str) -> bool {
    let letters = |text: &str| text.to_lowercase().chars().filter(|c| c.is_alphabetic()).collect::<String>();
    let mailbox = letters(email.split('@').next().unwrap_or_default());
    // "front.desk", "nurses2": what is left when every such word is taken out.
    let mut rest = mailbox.clone();
    let own = practice.to_lowercase();
    let own = own.split(|c: char| !c.is_alphabetic()).filter(|word| word.chars().count() >= OWN_MIN);
    let mut words: Vec<&str> = SHARED.split_whitespace().chain(own).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words.iter().for_each(|word| rest = rest.replacen(word, "", 1));
    let mut named = name.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).peekable();
    let of_nobody = named.peek().is_some() && named.all(|word| words.contains(&letters(word).as_str()));
    of_nobody || (!mailbox.is_empty() && rest.is_empty())
}

/// A shorter word of the practice's name is no name by itself.
const OWN_MIN: usize = 4;

/// Desks, teams, mailboxes and every role, in English and Spanish.
const SHARED: &str = "\
    abuse account admin administration administrator all appointments assistant assistants billing call \
    clinic clinician clinicians contact doctor doctors desk everyone frontdesk front guest hello help \
    hostmaster info intake mail manager medical noreply nurse nurses nursing of office official on oncall \
    owner physician physicians postmaster practice privacy provider providers reception receptionist room \
    root scheduling security service shared staff station support team temp temporary test the therapist \
    therapists user webmaster administracion administración administrador asistente ayuda cita citas \
    clinica clínica consultorio contacto doctora enfermera enfermeria enfermería equipo informacion \
    información medico médico oficina personal recepcion recepción";

/// What was typed about a new colleague, made whole.
#[derive(Debug)]
pub struct Invited {
    pub name: String,
    pub email: String,
    pub credentials: String,
    pub licensed_in: String,
    pub roles: Roles,
    pub lang: Lang,
    /// Why they need the access these roles give.
    pub why: String,
}

/// The fields of the form by name; a role is ticked as `role-desk`. Answers the fields that are wrong.
pub fn read(
    typed: &BTreeMap<String, String>,
    practice: &str,
) -> Result<Invited, Vec<(&'static str, &'static str)>> {
    let text = |field: &str| typed.get(field).map(|text| text.trim().to_owned()).unwrap_or_default();
    let mut slips = Vec::new();
    let (name, email) = (text("name"), text("email"));
    if name.is_empty() || name.chars().count() > NAME_MAX {
        slips.push(("name", "staff-fault-name"));
    }
    if !is_email(&email) {
        slips.push(("email", "staff-fault-email"));
    }
    if is_shared(&name, &email, practice) {
        slips.push(("name", "staff-fault-shared"));
    }
    let ticked = |role: &&Role| typed.contains_key(&format!("role-{}", role.code()));
    let roles: Roles = Role::ALL.iter().filter(ticked).copied().collect();
    if roles == Roles::NONE {
        slips.push(("roles", "staff-fault-roles"));
    }
    let licensed_in = text("licensed_in").to_uppercase();
    if !licensed_in
        .split_whitespace()
        .all(|state| state.len() == 2 && state.bytes().all(|b| b.is_ascii_uppercase()))
    {
        slips.push(("licensed_in", "staff-fault-licence"));
    }
    let credentials = text("credentials");
    if credentials.chars().count() > 20 {
        slips.push(("credentials", "staff-fault-credentials"));
    }
    let why = text("why");
    if why.is_empty() || why.chars().count() > WHY_MAX {
        slips.push(("why", "grant-fault-why"));
    }
    let lang = Lang::parse(&text("lang")).unwrap_or_default();
    if slips.is_empty() {
        Ok(Invited { name, email, credentials, licensed_in, roles, lang, why })
    } else {
        Err(slips)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRACTICE: &str = "Harbor Family Practice";

    fn typed(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn officials_are_the_owners_to_invite() {
        for role in Role::ALL {
            let official = !matches!(role, Role::Clinician | Role::Desk | Role::Assistant);
            let roles = Roles::NONE.with(*role).with(Role::Desk);
            assert_eq!(act_to_invite(roles) == Act::InviteOfficial, official, "{role:?}");
            assert_eq!(act_to_suspend(roles) == Act::SuspendOfficial, official, "{role:?}");
        }
    }

    #[test]
    fn a_name_or_mailbox_that_several_people_use_is_told_from_a_persons() {
        for (name, email) in [
            ("Front Desk", "theo@x.example"),
            ("Nurse 2", "theo@x.example"),
            ("The Team", "theo@x.example"),
            ("Recepción", "theo@x.example"),
            ("Ana Ruiz", "info@x.example"),
            ("Ana Ruiz", "front.desk@x.example"),
            ("Ana Ruiz", "Nurses2@x.example"),
            ("Ana Ruiz", "no-reply@x.example"),
            ("Ana Ruiz", "harbor@x.example"),
            ("Harbor Family", "ana@x.example"),
            ("Asistente médico", "ana@x.example"),
        ] {
            assert!(is_shared(name, email, PRACTICE), "{name} {email}");
        }
        for (name, email) in [
            ("Ana Ruiz", "ana@x.example"),
            ("Dr. Amara Osei", "dr.osei@x.example"),
            ("Nurse Ana Ruiz", "aruiz@x.example"),
            ("Theo Marchetti", "theo.desk@x.example"),
            ("Alla Teamer", "alla@x.example"),
            ("Family Ruiz", "ruiz@x.example"),
            ("", ""),
        ] {
            assert!(!is_shared(name, email, PRACTICE), "{name} {email}");
        }
    }

    #[test]
    fn a_new_colleague_needs_a_name_an_address_and_a_role() {
        let whole = [
            ("name", " Ana Ruiz "),
            ("email", "ana@x.example"),
            ("role-desk", "yes"),
            ("lang", "es"),
            ("why", "new"),
        ];
        let read_whole = read(&typed(&whole), PRACTICE).unwrap();
        assert_eq!((read_whole.name.as_str(), read_whole.lang), ("Ana Ruiz", Lang::Es));
        assert!(read_whole.roles == Roles::NONE.with(Role::Desk));
        for (without, field) in [("name", "name"), ("email", "email"), ("role-desk", "roles"), ("why", "why")]
        {
            let rest: Vec<_> = whole.iter().filter(|(name, _)| *name != without).copied().collect();
            assert_eq!(read(&typed(&rest), PRACTICE).unwrap_err()[0].0, field);
        }
        for wrong in ["ana", "ana@x", "a b@x.example", "ana@x.example, eve@y.example", "<ana@x.example>"] {
            let pairs = [whole[0], ("email", wrong), whole[2], whole[4]];
            assert_eq!(read(&typed(&pairs), PRACTICE).unwrap_err()[0].0, "email", "{wrong}");
        }
    }
}
