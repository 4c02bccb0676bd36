# refused TARGET WHAT: a link there ends the evaluation, which names the link and what is wrong.
refused() {
	ln -sfn "$1" hello-rs/src/lib.rs
	git add -A
	for flake in hello-rs hello-py; do
		if output=$(nix eval --json "./$flake#poag" 2>&1); then
			fail "a link to $1 is taken by $flake"
		fi
		case $output in
		*"poag: expert 'hello-rs', field 'provides.hello.files': 'src/lib.rs' is a symbolic link $2"*"fix: let the link lead"*) ;;
		*) fail "a link to $1, in $flake: $output" ;;
		esac
	done
}
refused /etc/passwd "that leads out of the source"
refused ../../../../../../../../etc/passwd "that leads out of the source"
refused ../../../nowhere "that leads out of the source"
refused "$(nix eval --raw --expr 'builtins.toFile "other" "x"')" "that leads"
refused nowhere "that leads to nothing"
refused lib.rs "that leads out of the source that it lies in, or to itself"
refused .. "to a folder that holds it"
