# Writing poag.lock, adding it and committing it never makes an expert stale.
fresh hello-rs
fresh hello-py
learn hello-py
same "the lock after learning again" "" "$(git status --short)"
