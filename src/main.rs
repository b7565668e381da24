//! Arguments in, exit code out.

use baguan::command::{Error, run};
use std::io::{ErrorKind, Write};
use std::panic::catch_unwind;
use std::process::ExitCode;

/// The exit code of everything that kept the program from its work.
const FAILED: u8 = 2;

fn main() -> ExitCode {
    // A rule that panics becomes that post's error; here it only leaves one line for engineers.
    std::panic::set_hook(Box::new(|panic| {
        let payload = panic.payload();
        let message = payload
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
            .unwrap_or("unknown");
        let place = panic
            .location()
            .map(|at| format!("（{}:{}）", at.file(), at.line()))
            .unwrap_or_default();
        let _ = writeln!(
            std::io::stderr(),
            "baguan：程序内部错误：{}{place}",
            message.replace('\n', " ")
        );
    }));
    match catch_unwind(|| run(std::env::args_os())) {
        Ok(Ok(status)) => status.into(),
        // Whoever reads the output has seen enough.
        Ok(Err(Error::Output(error))) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Ok(Err(error)) => {
            let _ = writeln!(std::io::stderr(), "baguan：{error}");
            ExitCode::from(FAILED)
        }
        Err(_) => ExitCode::from(FAILED),
    }
}
