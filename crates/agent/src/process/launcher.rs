//! Where workplaces are made, and where those are found that an earlier poag left behind.

#![expect(clippy::disallowed_methods, reason = "private homes of agents")]

use std::fs::File;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU32;
use std::time::{Duration, Instant};

use super::Workplace;
use crate::guard::{self, Containment};
use crate::wall::WallKind;
use poag_env::folders;

/// How names of workplaces begin.
const TURN: &str = "turn-";

/// How long is waited for guards that still end what their poag had started.
const SETTLING: Duration = Duration::from_secs(10);

/// Makes workplaces.
#[derive(Clone, Debug)]
pub struct Launcher {
    guard: PathBuf,
    folder: PathBuf,
    containment: Option<Containment>,
    wall: Option<WallKind>,
}

impl Launcher {
    /// Workplaces are made in `folder`; `guard` is the program of poag, which stands between. Removes
    /// what an earlier poag left there when it was ended.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn new(guard: PathBuf, folder: &Path) -> io::Result<Self> {
        folders::make_private(folder)?;
        let folder = folder.canonicalize()?;
        sweep(&folder);
        Ok(Self {
            guard,
            folder,
            containment: None,
            wall: None,
        })
    }

    /// Contains programs so, in place of the best way that this machine has.
    #[must_use]
    pub fn contained_by(self, containment: Containment) -> Self {
        Self {
            containment: Some(containment),
            ..self
        }
    }

    /// Holds programs to what they may write so, in place of the best way that this machine has.
    #[must_use]
    pub fn walled_by(self, wall: WallKind) -> Self {
        Self {
            wall: Some(wall),
            ..self
        }
    }

    /// How programs are held to what they may write.
    #[must_use]
    pub fn wall_kind(&self) -> WallKind {
        self.wall.unwrap_or_else(|| WallKind::best(&self.guard))
    }

    /// Whether programs can be kept from TCP here.
    #[must_use]
    pub fn refuses_network(&self) -> bool {
        self.wall_kind().refuses_network(&self.guard)
    }

    /// Where workplaces are made.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Waits until nothing lives any more of programs whose poag has let go of them, or has ended, at most 10 seconds. Whether
    /// that is so: then what they wrote is written.
    #[must_use]
    pub fn settle(&self) -> bool {
        let began = Instant::now();
        while let_go(&self.folder) {
            if began.elapsed() > SETTLING {
                return false;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        true
    }

    /// A folder for one turn, with the leash of its programs.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn workplace(&self) -> io::Result<Workplace> {
        // So that none is swept away that has no leash yet.
        let making = File::open(&self.folder)?;
        making.lock_shared()?;
        let folder = tempfile::Builder::new()
            .prefix(TURN)
            .permissions(std::fs::Permissions::from_mode(0o700))
            .tempdir_in(&self.folder)?;
        let leash = locked(&folder.path().join(guard::LEASH))?;
        drop(making);
        Ok(Workplace {
            leash: Some(leash),
            folder: Some(folder),
            guard: self.guard.clone(),
            containment: self.containment,
            wall: self.wall,
            started: AtomicU32::new(0),
        })
    }
}

/// A new file that is locked before anybody sees it under its name.
pub(super) fn locked(path: &Path) -> io::Result<File> {
    let before = path.with_extension("new");
    let file = File::create_new(&before)?;
    file.lock()?;
    std::fs::rename(&before, path)?;
    Ok(file)
}

/// Whether a guard lives whose poag has let go. Removes what guards left that were killed.
fn let_go(folder: &Path) -> bool {
    let mut any = false;
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(of) = name.strip_prefix(guard::ALIVE) else {
            continue;
        };
        let Ok(alive) = File::open(entry.path()) else {
            continue;
        };
        if alive.try_lock().is_ok() {
            let _ = std::fs::remove_file(entry.path());
            continue;
        }
        // Names of workplaces hold no `-` but the first.
        let at = of.find(&format!("-{}", guard::LEASH)).unwrap_or(of.len());
        let leash = folder
            .join(&of[..at])
            .join(of[at..].trim_start_matches('-'));
        any |= match File::open(leash) {
            Ok(leash) => leash.try_lock_shared().is_ok(),
            Err(_) => true,
        };
    }
    any
}

/// Removes workplaces whose poag is gone.
fn sweep(folder: &Path) {
    // With this lock, none is just being made: those without a leash never were.
    let all = File::open(folder).ok();
    let all = all.filter(|all| all.try_lock().is_ok());
    let_go(folder);
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let place = entry.path();
        let name = entry.file_name();
        // Other things have their place here, too.
        if !name.to_string_lossy().starts_with(TURN) {
            continue;
        }
        let left = match File::open(place.join(guard::LEASH)) {
            Ok(leash) => leash.try_lock().is_ok(),
            Err(error) => all.is_some() && error.kind() == io::ErrorKind::NotFound,
        };
        if left {
            let _ = std::fs::remove_dir_all(&place);
        }
    }
}
