//! The wall around an agent that writes: what the kernel refuses.

use std::fs;
use std::path::Path;
use std::time::Duration;

use poag::agent::environment::Environment;
use poag::agent::process::{Invocation, Launcher, ProcessOutput};
use poag::agent::wall::{Wall, WallKind};

use crate::process::launcher;

fn shell(launcher: &Launcher, tree: &Path, bytes: u64, script: &str) -> ProcessOutput {
    let place = launcher.workplace().unwrap();
    let home = place.subfolder("home").unwrap();
    let invocation = Invocation {
        program: "sh".into(),
        args: vec!["-c".into(), script.into()],
        env: Environment::scrubbed(&[]).with("HOME", &home),
        folder: tree.to_owned(),
        wall: Some(Wall::around([tree.to_owned(), home], bytes)),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let ran = place.run(&invocation, b"", Duration::from_secs(60));
    runtime.block_on(ran).unwrap()
}

/// None where this kernel has no Landlock, after a line that says so.
fn walled(folder: &tempfile::TempDir) -> Option<Launcher> {
    let launcher = launcher(folder);
    match launcher.wall_kind() {
        WallKind::Kernel => Some(launcher),
        WallKind::Compared => {
            eprintln!("skipped: this kernel has no Landlock");
            None
        }
    }
}

#[test]
fn a_write_outside_of_the_worktree_is_refused_by_the_kernel_whatever_way_it_is_tried() {
    let folder = tempfile::tempdir().unwrap();
    let Some(launcher) = walled(&folder) else {
        return;
    };
    let site = tempfile::tempdir().unwrap();
    let (tree, main) = (site.path().join("tree"), site.path().join("main"));
    fs::create_dir(&tree).unwrap();
    fs::create_dir(&main).unwrap();
    fs::write(main.join("precious"), "precious").unwrap();
    std::os::unix::fs::symlink(&main, tree.join("out")).unwrap();
    fs::hard_link(main.join("precious"), main.join("second")).unwrap();
    let main_text = main.display().to_string();
    let refused = [
        "echo x >MAIN/new",
        "echo x >MAIN/precious",
        "echo x >>MAIN/precious",
        "echo x >out/precious",
        "echo x >../main/new",
        "rm MAIN/precious",
        "mkdir MAIN/folder",
        "mv MAIN/precious ./mine",
        "touch mine && mv mine MAIN/mine",
        "ln MAIN/precious ./linked && echo x >linked",
        "ln -s x MAIN/link",
        "truncate -s 0 MAIN/precious",
        "mkfifo MAIN/fifo",
        // What it starts is behind the wall, too, in another session as well.
        "(echo x >MAIN/later) & wait $!",
        "setsid sh -c 'echo x >MAIN/session'",
    ];
    for script in refused {
        let script = script.replace("MAIN", &main_text);
        let said = shell(&launcher, &tree, 1 << 30, &script);
        assert_ne!(said.code, Some(0), "{script}");
        let words = String::from_utf8_lossy(&said.stderr).into_owned();
        assert!(
            words.contains("ermission denied") || words.contains("cross-device"),
            "{script}: {words}"
        );
        assert_eq!(
            fs::read_to_string(main.join("precious")).unwrap(),
            "precious"
        );
        assert_eq!(fs::read_dir(&main).unwrap().count(), 2, "{script}");
    }
}

#[test]
fn worktree_home_and_nothingness_can_be_written_and_everything_read() {
    let folder = tempfile::tempdir().unwrap();
    let Some(launcher) = walled(&folder) else {
        return;
    };
    let site = tempfile::tempdir().unwrap();
    let script = "echo x >/dev/null && mkdir -p deep/er && echo a >deep/er/a && mv deep/er/a b && ln b c && \
                  echo h >\"$HOME/h\" && cat /etc/passwd >/dev/null && cat b && rm c";
    let said = shell(&launcher, site.path(), 1 << 30, script);
    let words = String::from_utf8_lossy(&said.stderr).into_owned();
    assert_eq!(
        (said.code, said.stdout.as_slice()),
        (Some(0), b"a\n".as_slice()),
        "{words}"
    );
}

#[test]
fn a_file_can_grow_to_its_bound_and_not_further() {
    let folder = tempfile::tempdir().unwrap();
    let Some(launcher) = walled(&folder) else {
        return;
    };
    let site = tempfile::tempdir().unwrap();
    let said = shell(
        &launcher,
        site.path(),
        1 << 20,
        "head -c 10000000 /dev/zero >big",
    );
    assert_ne!(said.code, Some(0));
    assert_eq!(
        fs::metadata(site.path().join("big")).unwrap().len(),
        1 << 20
    );
}

#[test]
fn where_the_kernel_has_no_wall_the_program_still_runs() {
    let folder = tempfile::tempdir().unwrap();
    let launcher = launcher(&folder).walled_by(WallKind::Compared);
    let site = tempfile::tempdir().unwrap();
    let outside = site.path().join("outside");
    let tree = site.path().join("tree");
    fs::create_dir(&tree).unwrap();
    let said = shell(&launcher, &tree, 1 << 20, "echo x >../outside");
    assert_eq!(said.code, Some(0));
    assert!(outside.exists());
}

/// What the builders of the stand-in for nixpkgs do first: they find a folder for what they download.
#[test]
fn a_builder_that_may_not_write_to_its_cache_takes_what_is_there_and_a_folder_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let Some(launcher) = walled(&folder) else {
        return;
    };
    let site = tempfile::tempdir().unwrap();
    let (tree, cache) = (site.path().join("tree"), site.path().join("cache"));
    fs::create_dir_all(cache.join("downloads")).unwrap();
    fs::create_dir(&tree).unwrap();
    fs::write(cache.join("downloads/wheel"), "downloaded").unwrap();
    fs::write(cache.join("host.env"), "proxy=none").unwrap();
    let script = format!(
        "exec bash -e -o pipefail -c 'cache={} NIX_BUILD_TOP=$PWD; . {}/nix/host/cache.sh
        seed downloads; cat \"$cache/downloads/wheel\"; echo new >\"$cache/build/new\"; echo \" $proxy $cache\"'",
        cache.display(),
        env!("CARGO_MANIFEST_DIR")
    );
    let outside = launcher.clone().walled_by(WallKind::Compared);
    for (launcher, used) in [(launcher, tree.join("cache")), (outside, cache.clone())] {
        let said = shell(&launcher, &tree, 1 << 30, &script);
        let words = String::from_utf8_lossy(&said.stderr).into_owned();
        let expected = format!("downloaded none {}\n", used.display());
        assert_eq!(String::from_utf8_lossy(&said.stdout), expected, "{words}");
        let built: Vec<_> = fs::read_dir(used.join("build")).unwrap().collect();
        assert_eq!(built.len(), 1, "{built:?}");
    }
}
