//! A right file is understood, and a wrong one says which line to change and how.

use super::{Config, Files, Tls};
use keep::testing::TempFolder;

fn load(text: &str, env: &[(&str, &str)]) -> Result<Config, String> {
    let folder = TempFolder::new();
    let file = folder.path().join("alcove.toml");
    std::fs::write(&file, text).unwrap();
    let env = |name: &str| env.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
    Config::load_with(&file, &env).map_err(|failure| failure.to_string().replace('\n', " "))
}

const RIGHT: &str = r#"
origin = "https://visits.example.org"
root_key = "/etc/alcove/root.key"
[tls]
files = { certificate = "cert.pem", key = "/etc/alcove/key.pem" }
[media]
addresses = ["203.0.113.5"]
"#;

#[test]
fn a_short_file_is_enough_and_paths_count_from_its_folder() {
    let config = load(RIGHT, &[]).unwrap();
    assert_eq!((config.origin.host(), config.media.port), ("visits.example.org", 10_000));
    assert!(config.data.is_absolute() && config.data.ends_with("data"));
    assert_eq!(config.pages.listen[0].port(), 443);
    let Some(Tls::Files(Files { certificate, key })) = config.tls else { panic!("files") };
    assert!(certificate.is_absolute() && key.starts_with("/etc/alcove"));
}

#[test]
fn the_environment_goes_before_the_file() {
    let config =
        load(RIGHT, &[("ALCOVE_ORIGIN", "https://b.example"), ("ALCOVE_LISTEN", "[::]:8443")]).unwrap();
    assert_eq!((config.origin.text(), config.pages.listen[0].port()), ("https://b.example", 8443));
    assert!(load(RIGHT, &[("ALCOVE_LISTEN", "443")]).unwrap_err().contains("ALCOVE_LISTEN"));
}

#[test]
fn a_wrong_file_names_the_line_and_what_to_change() {
    let line = |add: &str, says: &[&str]| {
        let why = load(&format!("{RIGHT}{add}\n"), &[]).unwrap_err();
        says.iter().for_each(|word| assert!(why.contains(word), "{why}"));
    };
    line("prot = 5", &["line 8", "unknown field `prot`", "port"]);
    line("port = 70000", &["line 8"]);
    line("[pages]\nlisten = [\"443\"]", &["line 9", "socket address"]);
    line("[limits]\nper_address = 0", &["at least one"]);
    let origin = |text: &str, says: &str| {
        let why = load(&RIGHT.replace("https://visits.example.org", text), &[]).unwrap_err();
        assert!(why.contains("line 2") && why.contains(says), "{why}");
    };
    origin("http://visits.example.org", "not https");
    origin("https://203.0.113.5", "passkeys");
    origin("https://visits.example.org/start", "without anything after");
    origin("visits.example.org", "https://visits.example.org");
}

#[test]
fn a_database_server_is_taken_from_file_or_environment_and_shows_no_password() {
    let (head, tail) = RIGHT.split_once("[tls]").unwrap();
    let with = |line: &str, env: &[(&str, &str)]| load(&format!("{head}{line}\n[tls]{tail}"), env);
    assert!(load(RIGHT, &[]).unwrap().database.is_none());
    let named = with("database = \"postgres://alcove@localhost/alcove\"", &[]).unwrap().database.unwrap();
    let secret =
        [("ALCOVE_DATABASE", "postgres://alcove@localhost/alcove"), ("ALCOVE_DATABASE_PASSWORD", "s3'&=")];
    let opened = load(RIGHT, &secret).unwrap().database.unwrap();
    assert_ne!(opened, named);
    assert!(!format!("{opened:?}").contains("s3"));
    let refused = |url: &str| with(&format!("database = \"{url}\""), &[]).unwrap_err();
    assert!(refused("mysql://a@localhost/b").contains("postgres://"));
    assert!(refused("postgres://a:b@localhost/c").contains("database_password_file"));
    assert!(refused("postgres://a@db.example.org/c").contains("verify-full"));
    with("database = \"postgres://a@db.example.org/c?sslmode=verify-full\"", &[]).unwrap();
    let gone = with("database = \"postgres://a@localhost/c\"\ndatabase_password_file = \"none\"", &[]);
    assert!(gone.unwrap_err().contains("cannot read"));
}

/// A secret that others of this machine can read is none: the program says so before it uses it.
#[test]
fn a_file_with_a_secret_is_closed_to_others() {
    use std::os::unix::fs::PermissionsExt;
    let file = std::env::temp_dir().join(format!("alcove-secret-{}", std::process::id()));
    std::fs::write(&file, "s3cret\n").unwrap();
    for (mode, fine) in [(0o644, false), (0o640, false), (0o604, false), (0o600, true), (0o400, true)] {
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
        let read = super::secret_in(&file, "[mail] password_file");
        assert_eq!(read.is_ok(), fine, "{mode:o}");
        if let Err(why) = read {
            let why = why.to_string();
            assert!(why.contains("chmod 600") && why.contains("[mail] password_file"), "{why}");
        }
    }
    std::fs::remove_file(&file).unwrap();
}

/// R23 (part: no page is served in the clear to another machine)
#[test]
fn settings_that_do_not_go_together_are_refused() {
    let refused = |text: &str, says: &str| {
        let why = load(text, &[]).unwrap_err();
        assert!(why.contains(says), "{why}");
    };
    let head = "root_key = \"/k\"\n";
    let plain = format!("origin = \"http://localhost:8080\"\n{head}");
    refused(&plain, "this machine alone");
    load(&format!("{plain}[pages]\nlisten = [\"127.0.0.1:8080\"]"), &[]).unwrap();
    let secure = format!("origin = \"https://a.example\"\n{head}");
    refused(&secure, "[tls] is missing");
    refused(&format!("{secure}[tls]\nbehind_proxy = []"), "proxy's address");
    refused(&format!("{secure}[tls]\nbehind_proxy = [\"127.0.0.1\"]"), "[media] addresses");
    refused(&format!("{plain}[tls]\nbehind_proxy = [\"127.0.0.1\"]"), "begins with it");
    let both = "[tls]\nbehind_proxy = [\"::1\"]\nfiles = { certificate = \"a\", key = \"b\" }";
    refused(&format!("{secure}{both}"), "line 3");
    refused(&format!("{secure}{both}"), "one of `behind_proxy`, `files` and `acme`");
}

#[test]
fn a_text_gateway_is_named_with_who_runs_it() {
    let with = |section: &str| load(&format!("{RIGHT}[texts]\n{section}"), &[]);
    let whole = "url = \"https://sms.example.org/v1/messages\"\ncredential_file = \"sms.credential\"\n\
                 answers_secret_file = \"sms.answers\"\nsender = \"+15550100142\"\nrun_by = \"practice\"\n";
    let config = with(whole).unwrap().texts.unwrap();
    assert!(config.credential_file.is_absolute() && config.answers_secret_file.is_absolute());
    assert_eq!((config.vendor(), config.country_code.as_str()), (Ok(None), "1"));
    assert!(config.gateway().err().unwrap().to_string().contains("credential_file: cannot read"));
    assert!(config.terms().err().unwrap().to_string().contains("answers_secret_file: cannot read"));
    assert!(load(RIGHT, &[]).unwrap().texts.is_none(), "off unless it is named");
    let refused = |from: &str, to: &str, says: &str| {
        let why = with(&whole.replace(from, to)).unwrap_err();
        assert!(why.contains(says), "{why}");
    };
    refused("run_by = \"practice\"\n", "", "missing field `run_by`");
    refused("\"practice\"", "{ vendor = \"Twilio\" }", "last part of the address");
    refused("https://sms", "http://sms", "https://");
    refused("+15550100142", " ", "[texts] sender");
    refused("sender =", "country_code = \"US\"\nsender =", "no calling code");
    refused("sender =", "name = \"Harbor Family Practice and Friends\"\nsender =", "30 letters");
    with(&whole.replace("https://sms.example.org", "http://localhost:4000")).unwrap();
}

#[test]
fn a_sign_in_provider_is_named_with_who_runs_it() {
    let with = |section: &str| load(&format!("{RIGHT}[sign_in]\n{section}"), &[]);
    let whole = "issuer = \"https://id.example.org/realms/harbor\"\nclient_id = \"alcove\"\n\
                 name = \"Harbor account\"\nsecret_file = \"id.secret\"\nrun_by = \"practice\"\n";
    let config = with(whole).unwrap().sign_in.unwrap();
    assert!(config.secret_file.as_ref().unwrap().is_absolute());
    assert_eq!((config.vendor(), config.proves_more.len()), (Ok(None), 3));
    assert!(config.terms().err().unwrap().to_string().contains("secret_file: cannot read"));
    assert!(load(RIGHT, &[]).unwrap().sign_in.is_none(), "off unless it is named");
    let refused = |from: &str, to: &str, says: &str| {
        let why = with(&whole.replace(from, to)).unwrap_err();
        assert!(why.contains(says), "{why}");
    };
    refused("run_by = \"practice\"\n", "", "missing field `run_by`");
    refused("\"practice\"", "{ vendor = \"Okta\" }", "last part of the address");
    refused("https://id", "http://id", "no https:// address");
    refused("Harbor account", " ", "what people call it");
    refused("name =", "proves_more = [\"pwd\"]\nname =", "alone lets nobody in");
    with(&whole.replace("https://id.example.org/realms/harbor", "http://localhost:4000")).unwrap();
}
