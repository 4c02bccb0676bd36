//! The command line of poag.

fn main() -> std::process::ExitCode {
    poag::cli::main()
}
