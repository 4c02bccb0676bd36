# starts unlearned
# The consumer moves to a repository of its own, and takes hello-rs and poag from this one.
provider=$PWD
mkdir "$work/consumer"
git mv hello-py "$work/consumer/hello-py" 2>/dev/null || mv hello-py "$work/consumer/hello-py"
commit
cd "$work/consumer"
rm hello-py/flake.lock
sed -i -e "s,path:../poag,git+file://$provider?dir=poag," -e "s,path:../hello-rs,git+file://$provider?dir=hello-rs," hello-py/flake.nix
git init -q -b main .
commit
nix flake lock ./hello-py 2>/dev/null
commit
learn hello-py
# Its provider has never learned; that is the provider's business.
fresh hello-py
same "where the provider lives" "locked hello-rs unlearned $(git -C "$provider" rev-parse HEAD)" "$(nix eval --raw ./hello-py#.poag.experts.hello-rs --apply 'expert: "${expert.location.kind} ${expert.location.dir} ${expert.freshness.status} ${expert.location.ref.rev}"')"
same "where the consumer lives" "local hello-py" "$(nix eval --raw ./hello-py#.poag.experts.hello-py --apply 'expert: "${expert.location.kind} ${expert.location.dir}"')"
