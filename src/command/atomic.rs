//! Files are written in one step: whoever reads them sees the old or the new contents whole.

use std::io::{self, Write};
use std::path::Path;

/// Puts contents in a file's place, which may not exist yet; permissions and owner of an old file
/// are kept.
pub fn write(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut temporary = tempfile::Builder::new()
        .prefix(".baguan-")
        .tempfile_in(folder)?;
    temporary.write_all(bytes)?;
    match std::fs::metadata(file) {
        Ok(metadata) => keep(temporary.as_file(), &metadata)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => readable(temporary.as_file())?,
        Err(error) => return Err(error),
    }
    temporary.as_file().sync_all()?;
    temporary.persist(file).map_err(|error| error.error)?;
    Ok(())
}

fn keep(new: &std::fs::File, old: &std::fs::Metadata) -> io::Result<()> {
    new.set_permissions(old.permissions())?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        // Only root may give a file away; where it cannot be done the writer owns it.
        let _ = std::os::unix::fs::fchown(new, Some(old.uid()), Some(old.gid()));
    }
    Ok(())
}

/// Temporary files are their owner's alone; a new file of a site is for colleagues too.
fn readable(new: &std::fs::File) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        new.set_permissions(std::fs::Permissions::from_mode(0o644))?;
    }
    #[cfg(not(unix))]
    let _ = new;
    Ok(())
}
