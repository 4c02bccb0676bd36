# hello_wasm.wasm. A toolchain without the target gives the file hello_wasm.missing in its place, which says why and what
# to do: whether there is a module is seen from the package, not guessed from the platform.
{ cargo, rustc }:
cargo "hello-wasm-module" ''
  target=wasm32-unknown-unknown
  mkdir $out
  if [ -d "$(rustc --print target-libdir --target $target)" ]; then
    # The linker that came with the toolchain, if one did.
    if [ ! -e "$(rustc --print sysroot)/lib/rustlib/$(rustc --print host-tuple)/bin/rust-lld" ] && command -v lld > /dev/null; then
      export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=lld
    fi
    cargo build --offline --locked --release --lib --target $target
    cp $CARGO_TARGET_DIR/$target/release/hello_wasm.wasm $out/
  elif [ -e ${rustc}/missing ]; then
    tee $out/hello_wasm.missing < ${rustc}/missing
  else
    echo "$(rustc --version) has no target $target; repair: rustup target add $target" | tee $out/hello_wasm.missing
  fi
''
