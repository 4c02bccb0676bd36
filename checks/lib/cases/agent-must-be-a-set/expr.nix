{expert, ...}: expert {agent = "codex";}
