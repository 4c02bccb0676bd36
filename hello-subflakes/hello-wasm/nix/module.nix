# hello_wasm.wasm. A toolchain without the target gives the file hello_wasm.missing in its place, which says so: whether
# there is a module is seen from the package, not guessed from the platform.
{ cargo }:
cargo "hello-wasm-module" ''
  target=wasm32-unknown-unknown
  mkdir $out
  if [ -d "$(rustc --print sysroot)/lib/rustlib/$target" ]; then
    if command -v lld > /dev/null; then export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=lld; fi
    cargo build --offline --locked --release --lib --target $target
    cp $CARGO_TARGET_DIR/$target/release/hello_wasm.wasm $out/
  else
    echo "hello-wasm: $(rustc --version) has no target $target, so there is no module" | tee $out/hello_wasm.missing
  fi
''
