mkdir plain
echo '{outputs = _: {};}' >plain/flake.nix
sed -i -e 's,inputs.hello-rs.url.*,&\n  inputs.plain.url = "path:../plain";,' -e 's,^    hello-rs\,,    plain\,\n&,' -e 's,^        neighbors.hello-rs.*,        neighbors.plain.expert = poag.lib.mkPoagExpert { name = "plain"; src = plain; role = "Owns plain."; };\n&,' hello-py/flake.nix
commit
nix flake lock ./hello-py 2>/dev/null
learn hello-py
fresh hello-py
same "the expert that was given" "local plain unlearned" "$(nix eval --raw ./hello-py#.poag.experts.plain --apply 'expert: "${expert.location.kind} ${expert.location.dir} ${expert.freshness.status}"')"
