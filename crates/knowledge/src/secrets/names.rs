//! Files that are secret by their name, whatever they hold.

/// Whole names.
const NAMES: &[(&str, &str)] = &[
    (".netrc", "netrc"),
    ("_netrc", "netrc"),
    (".pgpass", "pgpass"),
    (".htpasswd", "htpasswd"),
    (".pypirc", "pypirc"),
    (".git-credentials", "git-credentials"),
    (".vault-token", "vault-token"),
    (".dockercfg", "docker-credentials"),
    ("id_rsa", "ssh-private-key"),
    ("id_dsa", "ssh-private-key"),
    ("id_ecdsa", "ssh-private-key"),
    ("id_ecdsa_sk", "ssh-private-key"),
    ("id_ed25519", "ssh-private-key"),
    ("id_ed25519_sk", "ssh-private-key"),
];

/// Ends of paths.
const ENDS: &[(&str, &str)] = &[
    (".p12", "key-store"),
    (".pfx", "key-store"),
    (".jks", "key-store"),
    (".keystore", "key-store"),
    (".kdbx", "password-database"),
    (".ppk", "putty-private-key"),
    (".tfstate", "terraform-state"),
    (".tfstate.backup", "terraform-state"),
    (".aws/credentials", "aws-credentials"),
    (".docker/config.json", "docker-credentials"),
];

/// Last parts of `.env.*` files that hold no values.
const SAMPLES: &[&str] = &[
    "example", "sample", "template", "dist", "defaults", "schema",
];

/// Why a file is secret by its name; none for other files.
#[must_use]
pub fn secret_name(path: &str) -> Option<&'static str> {
    let name = path.rsplit('/').next().unwrap_or(path);
    if name == ".env" {
        return Some("env-file");
    }
    if let Some(rest) = name.strip_prefix(".env.") {
        let last = rest.rsplit('.').next().unwrap_or(rest);
        return (!SAMPLES.contains(&last)).then_some("env-file");
    }
    let whole = NAMES.iter().find(|(known, _)| *known == name);
    let end = ENDS.iter().find(|(known, _)| path.ends_with(known));
    whole.or(end).map(|(_, why)| *why)
}
