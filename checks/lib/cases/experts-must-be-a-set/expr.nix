{ workspace, ... }: (workspace { experts = [ ]; }).poag
