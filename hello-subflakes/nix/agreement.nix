# Every language binding answers every case as acceptance/cases.json says. The report is the output.
{
  pkgs,
  hello-rs,
  hello-py,
  hello-wasm,
  hello-web,
}:
pkgs.runCommand "hello-agreement"
  {
    nativeBuildInputs = [
      pkgs.python3
      pkgs.nodejs
    ];
  }
  ''
    export PYTHONDONTWRITEBYTECODE=1
    cd ${../acceptance}
    python3 -m unittest
    web=
    if [ -e ${hello-web}/hello_wasm.wasm ]; then web="--hello-web ${hello-web}"; else cat ${hello-web}/hello_wasm.missing; fi
    python3 agree.py --hello-rs ${hello-rs}/bin/hello-rs --hello-py ${hello-py}/bin/hello-py \
      --hello-wasm ${hello-wasm}/bin/hello-wasm $web | tee $out
  ''
