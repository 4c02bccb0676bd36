{ expert, ... }: expert { agent.backend = "claude_code"; }
