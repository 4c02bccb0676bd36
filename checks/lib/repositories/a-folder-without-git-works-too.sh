cp -r . "$work/copy"
rm -rf "$work/copy/.git"
same "the expert of a copied folder" "fresh hello-py" "$(nix eval --raw "path:$work/copy?dir=hello-py#poag.experts.hello-py" --apply 'expert: "${expert.freshness.status} ${expert.location.dir}"')"
same "the same knowledge" "$(nix eval --raw "./hello-py#poag.experts.hello-py.knowledge.path")" "$(nix eval --raw "path:$work/copy?dir=hello-py#poag.experts.hello-py.knowledge.path")"
