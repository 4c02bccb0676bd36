# bin/hello-wasm, which calls the exports natively, built when the tests pass.
{ cargo }:
cargo "hello-wasm" ''
  cargo test --offline --locked
  cargo build --offline --locked --release --bins
  mkdir -p $out/bin
  cp $CARGO_TARGET_DIR/release/hello-wasm $out/bin/
''
